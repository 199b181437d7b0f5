-- The service graph by minute: what graph_nodes.sql and graph_edges.sql say of each minute, so that a map over hours
-- does not go through its spans again. A minute may be computed several times; the newest generation counts.
-- Figures of a node have no source; `flag` says `root` of a node and `inferred` of an edge.
CREATE TABLE graph_minutes {on_cluster}
(
    minute UInt32 CODEC(Delta, ZSTD(1)),
    generation UInt64 CODEC(Delta, ZSTD(1)),
    is_edge Bool,
    source_name LowCardinality(String) CODEC(ZSTD(1)),
    source_type LowCardinality(String) CODEC(ZSTD(1)),
    name LowCardinality(String) CODEC(ZSTD(1)),
    type LowCardinality(String) CODEC(ZSTD(1)),
    flag Bool,
    in_progress Bool,
    outcome UInt8,
    response_ms UInt64 CODEC(ZSTD(1)),
    duration_ms UInt64 CODEC(ZSTD(1)),
    requests UInt64 CODEC(ZSTD(1)),
    response_ns Int64 CODEC(ZSTD(1)),
    first_ns Int64 CODEC(Delta, ZSTD(1)),
    last_ns Int64 CODEC(Delta, ZSTD(1)),
    computed_at DateTime('UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = {replacing_engine}
PARTITION BY toYYYYMMDD(computed_at)
ORDER BY (minute, generation, is_edge, source_name, source_type, name, type, flag, in_progress, outcome, response_ms, duration_ms)
TTL computed_at + INTERVAL {retention_days} DAY
SETTINGS ttl_only_drop_parts = 1;

-- Which generation of a minute is complete: written after its figures.
CREATE TABLE graph_generations {on_cluster}
(
    minute UInt32 CODEC(Delta, ZSTD(1)),
    generation UInt64 CODEC(Delta, ZSTD(1)),
    computed_at DateTime('UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = {replacing_engine}(generation)
ORDER BY minute
TTL computed_at + INTERVAL {retention_days} DAY;

-- Up to which second of receipt the minutes above hold every span: written last.
CREATE TABLE graph_progress {on_cluster} (id UInt8, until_s UInt32)
ENGINE = {replacing_engine}(until_s)
ORDER BY id;
