-- Links: which spans of other traces sent what a span received, in parallel arrays.
ALTER TABLE spans {on_cluster}
    ADD COLUMN IF NOT EXISTS link_trace_ids Array(FixedString(16)) CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS link_ids Array(UInt64) CODEC(ZSTD(1));

-- The receives of a trace whose senders are stored, worked out with the trace. `node` is the place of the receiving
-- observation, from 1; `source_name` and `source_type` are the node that the message was sent to; `offset_ns` counts from
-- the start of the trace, `age_ns` from the end of the sending. `link_minutes` are the minutes in which the trace has links
-- at all: those that may look different when it is worked out again.
ALTER TABLE traces {on_cluster}
    ADD COLUMN IF NOT EXISTS `link.node` Array(UInt32) CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS `link.source_name` Array(LowCardinality(String)) CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS `link.source_type` Array(LowCardinality(String)) CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS `link.outcome` Array(UInt8) CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS `link.offset_ns` Array(Int64) CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS `link.response_ns` Array(Int64) CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS `link.age_ns` Array(Int64) CODEC(ZSTD(1)),
    ADD COLUMN IF NOT EXISTS link_minutes Array(UInt32) CODEC(ZSTD(1));

-- Which traces received from which, whether the senders are stored or not: when something of a sender arrives, its
-- receivers are worked out again. Small granules, because few of many traces are looked up at a time.
CREATE TABLE trace_links {on_cluster}
(
    sender FixedString(16) CODEC(ZSTD(1)),
    receiver FixedString(16) CODEC(ZSTD(1)),
    indexed_at DateTime('UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = {replacing_engine}
PARTITION BY toYYYYMMDD(indexed_at)
ORDER BY (sender, receiver)
TTL indexed_at + INTERVAL {retention_days} DAY
SETTINGS ttl_only_drop_parts = 1, index_granularity = 512;

-- Links in the graph by minute: `age_ms` is how old the messages were on receipt.
ALTER TABLE graph_minutes {on_cluster}
    ADD COLUMN IF NOT EXISTS is_link Bool,
    ADD COLUMN IF NOT EXISTS age_ms UInt64 CODEC(ZSTD(1)),
    MODIFY ORDER BY (minute, generation, is_edge, source_name, source_type, name, type, flag, in_progress, outcome, response_ms, duration_ms, is_link, age_ms);
