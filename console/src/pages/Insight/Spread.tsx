import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Toggle from '@cloudscape-design/components/toggle';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { useInnerLink } from '@/components/InnerLink';
import { PageLoading } from '@/components/PageLoading';
import { ServiceMapGraph } from '@/graph/ServiceMapGraph';
import type { MapSelection, Mark } from '@/graph/types';
import { type Entity, nodeKey, type Signal } from '@/model/insights';
import { mapUrl } from '@/pages/ServiceMap/url';
import { useIncidentMap } from '@/query/useMap';
import type { Drawn } from './drawn';
import { impactMap, marksOf } from './impactMap';
import './insight.css';

const NOTHING = { nodes: [], edges: [] };

/** The services and calls of an incident on a map of its time, the root cause and what was unusual marked. */
export function Spread(props: {
  answer: Schemas['InsightAnswer'];
  drawn: Drawn;
  isWhole: boolean;
  onWhole(isWhole: boolean): void;
  onDraw(of: readonly string[]): void;
}) {
  const { t } = useTranslation('insights');
  const { answer, drawn, isWhole, onDraw } = props;
  const { insight, anomalous_set } = answer;
  const start = insight.start;
  const end = insight.end ?? insight.updated;
  const group = anomalous_set.group;
  const { data, error } = useIncidentMap({ start, end, group });
  const shown = useMemo(() => impactMap(answer, data ?? NOTHING, isWhole), [answer, data, isWhole]);
  const touched = useMemo(() => new Set(answer.nodes.map((node) => node.key)), [answer.nodes]);
  const marks = useMemo(() => {
    const markOf = (part: { is_root_cause: boolean; signal: Signal | null }): Mark | null => {
      if (part.is_root_cause) return { kind: 'cause', text: t('markCause') };
      return part.signal ? { kind: 'unusual', text: t(`signal_${part.signal}`) } : null;
    };
    return marksOf(answer, markOf);
  }, [answer, t]);
  const selection = useMemo(() => selectionOf(drawn.entity, answer.nodes), [drawn.entity, answer.nodes]);
  const clients = useMemo(() => new Set(shown.nodes.filter((node) => node.is_client).map(({ key }) => key)), [shown]);
  const select = (chosen: MapSelection | null) => {
    if (chosen?.kind === 'node' && !clients.has(chosen.key)) onDraw([chosen.key]);
    // Of what clients call, all that is known is what the node saw.
    if (chosen?.kind === 'edge' && !chosen.isLink) {
      onDraw(clients.has(chosen.source) ? [chosen.target] : [chosen.source, chosen.target]);
    }
  };
  const range = { kind: 'between' as const, start, end: Math.max(end, start + 60) };
  const map = mapUrl(
    { range, group: group ?? '', filter: '' },
    { selection: { kind: 'node', key: insight.root_cause.entity.node_key } },
  );
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={`${t('graphWhat')} ${t('graphSelect')}`}
          actions={
            <SpaceBetween direction="horizontal" size="m" alignItems="center">
              <Toggle checked={isWhole} onChange={({ detail }) => props.onWhole(detail.checked)}>
                {t('wholeMap')}
              </Toggle>
              <Button {...useInnerLink(map)}>{t('viewMap')}</Button>
            </SpaceBetween>
          }
        >
          {t('graph')}
        </Header>
      }
    >
      <SpaceBetween size="s">
        {data && data.nodes.length === 0 && <Alert type="info">{t('graphOld')}</Alert>}
        <div className="incident-map">
          {data || error ? (
            <ServiceMapGraph
              nodes={shown.nodes}
              edges={shown.edges}
              selection={selection}
              onSelect={select}
              seconds={end - start}
              matches={isWhole ? touched : null}
              marks={marks}
              arrangement={`${insight.id} ${isWhole}`}
            />
          ) : (
            <PageLoading />
          )}
        </div>
      </SpaceBetween>
    </Container>
  );
}

/** What is selected on the map, where a Lambda function may be part of the node of its service. */
function selectionOf(
  { service, source, node_key }: Entity,
  nodes: readonly { key: string; service: { name: string; type: string } }[],
): MapSelection {
  if (!source) return { kind: 'node', key: node_key };
  const own = nodeKey(source);
  const caller =
    nodes.find(({ key }) => key === own) ??
    nodes.find((node) => isLambda(node.service) && node.service.name === source.name);
  const from = caller?.key ?? own;
  if (from === node_key && source.name === service.name) return { kind: 'node', key: node_key };
  return { kind: 'edge', source: from, target: node_key, isLink: false };
}

function isLambda(service: { type: string }): boolean {
  return service.type === 'AWS::Lambda';
}
