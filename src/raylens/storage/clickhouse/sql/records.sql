-- What are the newest versions of all records of a kind? Sort key: kind.
SELECT key, version, deleted, body
FROM records
WHERE kind = {kind:String}
ORDER BY key, version DESC
LIMIT 1 BY key
