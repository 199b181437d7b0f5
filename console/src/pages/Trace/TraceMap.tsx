import { useTranslation } from 'react-i18next';
import { PageLoading } from '@/components/PageLoading';
import { TroubleAlert } from '@/components/TroubleAlert';
import { ServiceMapGraph } from '@/graph/ServiceMapGraph';
import { useTraceMap } from '@/query/useMap';

/** The services of one trace; choosing one is told with its key. */
export default function TraceMap(props: { traceId: string; node: string | null; onNode(key: string | null): void }) {
  const { t } = useTranslation('trace');
  const { data, error, refetch } = useTraceMap(props.traceId);
  if (!data) return error ? <TroubleAlert trouble={error} onRetry={() => void refetch()} /> : <PageLoading />;
  if (!data.nodes.length) return <p className="tl-empty">{t('noMap')}</p>;
  return (
    <ServiceMapGraph
      nodes={data.nodes}
      edges={data.edges}
      arrangement={props.traceId}
      selection={props.node === null ? null : { kind: 'node', key: props.node }}
      onSelect={(selection) => {
        if (selection === null) props.onNode(null);
        else props.onNode(selection.kind === 'node' ? selection.key : selection.target);
      }}
    />
  );
}
