-- Records: what people configure, as versioned JSON. Every write is a row; the highest version of a key counts.
-- Of a key's versions the last 16 stay (`slot` is part of the sort key): a writer looks who wrote the version it tried
-- to write, and must find the answer although later versions were written and merged meanwhile.
-- The deduplication window makes writing a version happen once, whoever tries: see records.py. A replicated table has
-- that window by default. Records are few and hard to come by again, so each is on the disk before its write returns,
-- and none expires.
CREATE TABLE records {on_cluster}
(
    kind LowCardinality(String),
    key String,
    version UInt64,
    slot UInt8 MATERIALIZED version % 16,
    deleted Bool,
    body String CODEC(ZSTD(1)),
    writer String,
    written_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = {replacing_engine}(version)
ORDER BY (kind, key, slot)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1;
