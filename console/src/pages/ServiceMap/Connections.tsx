import Box from '@cloudscape-design/components/box';
import Link from '@cloudscape-design/components/link';
import { useTranslation } from 'react-i18next';
import type { MapEdge, MapNode, MapSelection } from '@/graph/types';
import { edgeId } from '@/graph/types';
import { useMapTexts } from '@/graph/useMapTexts';

type Heading = 'calledBy' | 'callsTo' | 'receives' | 'sends';

/** What a node calls and what calls it; each line selects that connection. */
export function Connections(props: {
  node: MapNode;
  nodes: readonly MapNode[];
  edges: readonly MapEdge[];
  onSelect(selection: MapSelection): void;
}) {
  const { t } = useTranslation('map');
  const texts = useMapTexts();
  const { node, nodes, edges } = props;
  const nameOf = new Map(nodes.map((each) => [each.key, texts.name(each)]));
  const lists: [Heading, 'source' | 'target', MapEdge[]][] = [
    ['calledBy', 'source', edges.filter((edge) => edge.target === node.key && !edge.is_link)],
    ['receives', 'source', edges.filter((edge) => edge.target === node.key && edge.is_link)],
    ['callsTo', 'target', edges.filter((edge) => edge.source === node.key && !edge.is_link)],
    ['sends', 'target', edges.filter((edge) => edge.source === node.key && edge.is_link)],
  ];
  return lists.map(([heading, end, found]) =>
    found.length === 0 ? null : (
      <section key={heading}>
        <Box variant="h3" padding="n">
          {t(heading)}
        </Box>
        <ul className="rl-map-connections">
          {found.map((edge) => (
            <li key={edgeId(edge)}>
              <Link
                onFollow={() =>
                  props.onSelect({ kind: 'edge', source: edge.source, target: edge.target, isLink: edge.is_link })
                }
              >
                <span className="text-as-sent">{nameOf.get(edge[end]) ?? ''}</span>
              </Link>
              <span>
                {texts.edgeLabel(edge).join(' · ')}
                {edge.statistics.requests > 0 && texts.troubles(edge.statistics) && (
                  <> · {texts.troubles(edge.statistics)}</>
                )}
              </span>
            </li>
          ))}
        </ul>
      </section>
    ),
  );
}
