-- What is the newest version of one record, deleted ones included? Sort key: kind, key.
SELECT version, deleted, body
FROM records
WHERE kind = {kind:String} AND key = {key:String}
ORDER BY version DESC
LIMIT 1
