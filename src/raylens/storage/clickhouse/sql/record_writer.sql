-- Who wrote this version of a record? Sort key: kind, key, slot.
SELECT writer
FROM records
WHERE kind = {kind:String} AND key = {key:String} AND slot = {version:UInt64} % 16 AND version = {version:UInt64}
LIMIT 1
