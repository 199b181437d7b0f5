import Box from '@cloudscape-design/components/box';

/** Says that nothing was recorded, and what records it. */
export function NothingRecorded(props: { title: string; what: string; code: string }) {
  return (
    <Box padding={{ vertical: 's' }}>
      <Box variant="strong">{props.title}</Box>
      <p>{props.what}</p>
      <code className="code text-as-sent">{props.code}</code>
    </Box>
  );
}
