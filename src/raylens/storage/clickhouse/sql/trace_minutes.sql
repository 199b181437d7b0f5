-- In which stretches of minutes do the spans of these traces lie? Relies on documents (trace_id, document_id).
SELECT DISTINCT toUInt32(intDiv(start_ns, 60000000000)) AS first, toUInt32(intDiv(last_start_ns, 60000000000)) AS last
FROM documents
WHERE trace_id IN (SELECT toFixedString(unhex(arrayJoin({trace_ids:Array(String)})), 16))
