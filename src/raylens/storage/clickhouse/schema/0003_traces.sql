-- When the rows of a span were written: what the index below goes by, because a span may be received long before it is
-- visible, but is visible right after it is written.
ALTER TABLE spans {on_cluster} ADD COLUMN IF NOT EXISTS stored_at DateTime('UTC') DEFAULT received_at CODEC(Delta, ZSTD(1));
ALTER TABLE spans {on_cluster} ADD INDEX IF NOT EXISTS by_storage stored_at TYPE minmax GRANULARITY 1;

-- The trace index: what can be asked of each trace, worked out of its spans by `traceindex`. One row a trace; a trace
-- that changes is worked out again and the newest generation counts. When its start moves into another minute the row
-- at the old one is marked deleted.
-- `minute` is that of its earliest span, `start_ns` that of its earliest segment.
-- `node` holds its observations sorted by start, and beside each the call over which it was reached; times count from
-- the start of the trace, those of the call from the observation's. `source` is the place of the calling observation,
-- from 1; 0 is nobody. Annotations keep their keys normalised, and the observation that carries them.
-- `outcome` is 4, and the lengths are -1, while the root is unfinished or missing.
CREATE TABLE traces {on_cluster}
(
    minute UInt32 CODEC(Delta, ZSTD(1)),
    trace_id FixedString(16) CODEC(ZSTD(1)),
    generation UInt64 CODEC(Delta, ZSTD(1)),
    deleted UInt8,
    start_ns Int64 CODEC(Delta, ZSTD(1)),
    last_minute UInt32 CODEC(Delta, ZSTD(1)),
    received_ns Int64 CODEC(Delta, ZSTD(1)),
    indexed_at DateTime('UTC') CODEC(Delta, ZSTD(1)),
    spans UInt32 CODEC(ZSTD(1)),
    partial Bool,
    inferred Bool,
    outcome UInt8,
    response_ns Int64 CODEC(ZSTD(1)),
    duration_ns Int64 CODEC(ZSTD(1)),
    root_name LowCardinality(String) CODEC(ZSTD(1)),
    root_type LowCardinality(String) CODEC(ZSTD(1)),
    http_status UInt16 CODEC(ZSTD(1)),
    http_method LowCardinality(String) CODEC(ZSTD(1)),
    http_url String CODEC(ZSTD(1)),
    http_user_agent LowCardinality(String) CODEC(ZSTD(1)),
    http_client_ip String CODEC(ZSTD(1)),
    node Nested
    (
        name LowCardinality(String),
        type LowCardinality(String),
        account_id LowCardinality(String),
        path LowCardinality(String),
        inferred Bool,
        root Bool,
        in_progress Bool,
        outcome UInt8,
        offset_ns Int64,
        response_ns Int64,
        tail_ns Int64,
        http_status UInt16,
        http_method LowCardinality(String),
        http_url String,
        http_user_agent LowCardinality(String),
        http_client_ip String,
        user String,
        resource_arn LowCardinality(String),
        instance_id LowCardinality(String),
        availability_zone LowCardinality(String),
        source UInt32,
        source_name LowCardinality(String),
        source_type LowCardinality(String),
        call_in_progress Bool,
        call_outcome UInt8,
        call_offset_ns Int64,
        call_excess_ns Int64,
        call_http_status UInt16
    ) CODEC(ZSTD(1)),
    text Nested (key LowCardinality(String), value String, node UInt32) CODEC(ZSTD(1)),
    number Nested (key LowCardinality(String), value Float64, node UInt32) CODEC(ZSTD(1)),
    flag Nested (key LowCardinality(String), value Bool, node UInt32) CODEC(ZSTD(1)),
    fault_causes Array(LowCardinality(String)) CODEC(ZSTD(1)),
    error_causes Array(LowCardinality(String)) CODEC(ZSTD(1)),
    time_cause LowCardinality(String) CODEC(ZSTD(1)),
    coverages Array(UInt16) CODEC(ZSTD(1)),
    INDEX by_trace trace_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_last_minute last_minute TYPE minmax GRANULARITY 1,
    INDEX by_indexing indexed_at TYPE minmax GRANULARITY 1,
    INDEX by_text text.value TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX by_user node.user TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = {replacing_engine}(generation, deleted)
PARTITION BY toYYYYMMDD(indexed_at)
ORDER BY (minute, trace_id)
TTL indexed_at + INTERVAL {retention_days} DAY
SETTINGS ttl_only_drop_parts = 1, index_granularity = 2048;

-- Up to which second of storage the index holds every span: written last.
CREATE TABLE trace_index_progress {on_cluster} (id UInt8, until_s UInt32)
ENGINE = {replacing_engine}(until_s)
ORDER BY id;
