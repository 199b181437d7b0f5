import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { edgeId, isSelectedEdge, type MapEdge, type MapNode, type MapSelection } from '@/graph/types';
import { useMapTexts } from '@/graph/useMapTexts';
import { visible } from '@/model/format';
import type { Insight } from '@/model/insights';
import type { Scope } from '@/model/scope';
import { ActiveInsights } from './ActiveInsights';
import { Connections } from './Connections';
import { Requests } from './Requests';

interface Properties {
  scope: Scope;
  onScope(change: Partial<Scope>): void;
  nodes: readonly MapNode[];
  edges: readonly MapEdge[];
  /** The incidents that last, by the keys of the nodes that take part in them */
  insights: ReadonlyMap<string, readonly Insight[]>;
  /** Length of the time that the map is of */
  seconds: number;
  selection: MapSelection;
  onSelect(selection: MapSelection | null): void;
  /** The node of which only the connections are shown already */
  focus: string | null;
  /** Show only a node and its connections. */
  onFocus(key: string): void;
}

/** What is known of the node or the edge that is selected. */
export function Details(props: Properties) {
  const { nodes, edges, selection } = props;
  const nodeOf = (key: string) => nodes.find((node) => node.key === key);
  if (selection.kind === 'node') {
    const node = nodeOf(selection.key);
    return node ? <NodeDetails {...props} node={node} /> : <Gone {...props} />;
  }
  const edge = edges.find((each) => isSelectedEdge(each, selection));
  const [source, target] = [nodeOf(selection.source), nodeOf(selection.target)];
  return edge && source && target ? (
    <EdgeDetails {...props} edge={edge} source={source} target={target} />
  ) : (
    <Gone {...props} />
  );
}

function NodeDetails(props: Properties & { node: MapNode }) {
  const { t } = useTranslation('map');
  const texts = useMapTexts();
  const { node, nodes, edges, onSelect } = props;
  const note = node.is_client ? t('clientWhat') : node.reporting ? null : t('inferred');
  return (
    <Frame
      title={<span className="text-as-sent">{texts.name(node)}</span>}
      subtitle={[texts.type(node.type), texts.type(node.type) === node.type ? '' : visible(node.type)]}
      note={note}
      onClose={() => onSelect(null)}
      actions={
        node.key !== props.focus && <Button onClick={() => props.onFocus(node.key)}>{t('viewConnections')}</Button>
      }
    >
      <ActiveInsights insights={props.insights.get(node.key) ?? []} scope={props.scope} />
      {node.statistics && (
        <Requests
          key={node.key}
          {...props}
          statistics={node.statistics}
          filter={node.filter}
          of={{ node: { name: node.name, type: node.type } }}
          messageAges={null}
        />
      )}
      <Connections node={node} nodes={nodes} edges={edges} onSelect={onSelect} />
    </Frame>
  );
}

function EdgeDetails(props: Properties & { edge: MapEdge; source: MapNode; target: MapNode }) {
  const { t } = useTranslation('map');
  const texts = useMapTexts();
  const { edge, source, target, onSelect } = props;
  const ends = { source: idOf(source), target: idOf(target) };
  return (
    <Frame
      title={
        <>
          <span className="text-as-sent" title={texts.name(source)}>
            {texts.shortName(source)}
          </span>{' '}
          →{' '}
          <span className="text-as-sent" title={texts.name(target)}>
            {texts.shortName(target)}
          </span>
        </>
      }
      subtitle={[t(edge.is_link ? 'messages' : 'calls')]}
      note={t(edge.is_link ? 'messagesWhat' : 'callsWhat')}
      onClose={() => onSelect(null)}
      actions={[source, target].map((node, index) => (
        <Button key={index} onClick={() => onSelect({ kind: 'node', key: node.key })}>
          {texts.shortName(node)}
        </Button>
      ))}
    >
      <Requests
        key={edgeId(edge)}
        {...props}
        statistics={edge.statistics}
        filter={edge.filter}
        of={edge.is_link ? null : { edge: ends }}
        messageAges={edge.message_ages}
      />
    </Frame>
  );
}

function Gone(props: Properties) {
  const { t } = useTranslation('map');
  return (
    <Frame title={t('details')} subtitle={[]} note={t('selectionGone')} onClose={() => props.onSelect(null)}>
      {null}
    </Frame>
  );
}

function Frame(props: {
  title: ReactNode;
  subtitle: readonly string[];
  note: string | null;
  onClose(): void;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const { t } = useTranslation('map');
  return (
    <SpaceBetween size="m">
      <div>
        <div className="rl-map-title">
          <Box variant="h2">{props.title}</Box>
          <Button variant="icon" iconName="close" ariaLabel={t('closeDetails')} onClick={props.onClose} />
        </div>
        {props.subtitle.filter(Boolean).map((text) => (
          <Box key={text} color="text-body-secondary">
            {text}
          </Box>
        ))}
        {props.note && (
          <Box variant="small" color="text-body-secondary">
            {props.note}
          </Box>
        )}
      </div>
      {props.actions && (
        <SpaceBetween direction="horizontal" size="xs">
          {props.actions}
        </SpaceBetween>
      )}
      {props.children}
    </SpaceBetween>
  );
}

function idOf(node: MapNode) {
  return { name: node.name, type: node.type };
}
