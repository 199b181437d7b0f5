-- Which documents of a trace hold a text? Relies on documents (trace_id, document_id).
SELECT trace_id, document_id, version, start_ns, last_start_ns, document
FROM
(
    SELECT
        trace_id, document_id, version, start_ns, last_start_ns, document,
        sum(length(document)) OVER (ORDER BY version DESC, document_id) - length(document) AS before_it
    FROM documents FINAL
    WHERE trace_id = toFixedString(unhex({trace_id:String}), 16)
      AND positionCaseInsensitive(document, {text:String}) > 0
)
WHERE before_it <= {limit_bytes:UInt64}
ORDER BY version DESC, document_id
