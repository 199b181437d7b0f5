-- When did these traces happen? Relies on documents (trace_id, document_id).
SELECT toUInt32(intDiv(min(start_ns), 60000000000)), toUInt32(intDiv(max(last_start_ns), 60000000000)), count()
FROM documents
WHERE trace_id IN (SELECT toFixedString(unhex(arrayJoin({trace_ids:Array(String)})), 16))
