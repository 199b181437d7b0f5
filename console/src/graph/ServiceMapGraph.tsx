import '@xyflow/react/dist/base.css';
import './graph.css';
import {
  type CoordinateExtent,
  type EdgeMouseHandler,
  MiniMap,
  type NodeMouseHandler,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStore,
} from '@xyflow/react';
import {
  type KeyboardEvent,
  type Ref,
  type RefObject,
  useCallback,
  useEffect,
  useId,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import { PageLoading } from '@/components/PageLoading';
import { useIsDark } from '@/components/useTheme';
import { EdgeView, type FlowEdge } from './EdgeView';
import { type FlowElements, flowElements } from './flowElements';
import { Legend } from './Legend';
import { NODE_HEIGHT, NODE_WIDTH, worst } from './measures';
import { type FlowNode, NodeView } from './NodeView';
import { nextNode, readingOrder, wayOf } from './neighbours';
import { isUnknown } from './nodeKind';
import { type Layout, structureOf } from './structure';
import type { MapEdge, MapNode, MapSelection, Marks, NodeSize, Point } from './types';
import { useLayout } from './useLayout';
import { useMapTexts } from './useMapTexts';
import { ZoomButtons } from './ZoomButtons';

const NODE_TYPES = { service: NodeView };
const EDGE_TYPES = { calls: EdgeView };
const FIT = { padding: 0.05, maxZoom: 1.1 };
const MOVE_MS = 300;
const MANY_NODES = 30;
// Below the first, the text of edges cannot be read; below the second, nor can that of nodes.
const NEAR_ZOOM = 0.6;
const FAR_ZOOM = 0.3;
// Pixels that one can go beyond the map at least
const LEAST_REACH = 1500;
const OVERVIEW = { width: 150, height: 100 };
// Pixels between what is shown and the edge of the map
const SHOW_MARGIN = 40;

/** What a page may ask a map to do. */
export interface MapHandle {
  /** Move so that these nodes are in the middle. */
  centre(keys: readonly string[]): void;
}

interface Properties {
  nodes: readonly MapNode[];
  edges: readonly MapEdge[];
  selection: MapSelection | null;
  onSelect(selection: MapSelection | null): void;
  /** By what nodes differ in size; not at all without it */
  size?: NodeSize;
  /** Length of the time that the figures are of: then they are shown per minute */
  seconds?: number | null;
  /** Keys of the nodes that are not dimmed; null for all */
  matches?: ReadonlySet<string> | null;
  /** What stands out */
  marks?: Marks | null;
  /** What the map is of; as long as it stays the same, so do the places of nodes that stay */
  arrangement?: string;
  ref?: Ref<MapHandle>;
}

/**
 * A service map: clients on the left, calls to the right. Fills its parent, which has a height.
 *
 * Nodes and edges are selected by click; with the keyboard, Tab leads to a node, arrow keys from there along its
 * connections, Enter selects, and Escape takes the selection back.
 */
export function ServiceMapGraph(props: Properties) {
  return (
    <ReactFlowProvider>
      <MapField {...props} />
    </ReactFlowProvider>
  );
}

function MapField(props: Properties) {
  const { nodes, edges, selection, onSelect, size = 'none', seconds = null, matches = null } = props;
  const { marks = null, arrangement = '' } = props;
  const { t } = useTranslation('map');
  const texts = useMapTexts();
  const structure = useMemo(() => structureOf(nodes, edges), [nodes, edges]);
  const [tidied, setTidied] = useState(0);
  const arranged = useLayout(structure, `${tidied} ${arrangement}`);
  const layout = useMemo(() => arranged && withoutOthers(arranged.layout, nodes), [arranged, nodes]);
  const order = useMemo(() => (layout ? readingOrder(layout) : []), [layout]);
  const [visited, setVisited] = useState<string | null>(null);
  const entry = visited !== null && layout?.positions.has(visited) ? visited : (order[0] ?? null);

  const drawn = useRef<FlowElements | null>(null);
  const elements = useMemo(() => {
    if (!layout) return null;
    drawn.current = flowElements(
      { nodes, edges, layout, size, seconds, selection, matches, marks, entry, texts },
      drawn.current,
    );
    return drawn.current;
  }, [nodes, edges, layout, size, seconds, selection, matches, marks, entry, texts]);

  const reach = useMemo(() => layout && reachOf(layout), [layout]);
  const field = useRef<HTMLDivElement>(null);
  const { showWhole, centre, show, noteMove } = useCamera(
    field,
    layout,
    arranged?.arrangement ?? null,
    selection !== null,
  );
  useImperativeHandle(props.ref, () => ({ centre }), [centre]);
  useMovingMark(field, layout);
  const selectedKey = selection?.kind === 'node' ? selection.key : null;
  useEffect(() => {
    if (selectedKey !== null) show(selectedKey);
  }, [selectedKey, show]);

  const onNodeClick = useCallback<NodeMouseHandler<FlowNode>>(
    (_, node) => {
      setVisited(node.id);
      onSelect({ kind: 'node', key: node.id });
    },
    [onSelect],
  );
  const onEdgeClick = useCallback<EdgeMouseHandler<FlowEdge>>(
    (_, { data }) => {
      if (!data) return;
      const { source, target, is_link } = data.edge;
      onSelect({ kind: 'edge', source, target, isLink: is_link });
    },
    [onSelect],
  );
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const here = (event.target as HTMLElement).dataset.key;
    if (event.key === 'Escape' && selection) onSelect(null);
    else if (here === undefined || !layout || event.ctrlKey || event.metaKey || event.altKey) return;
    else if (event.key === 'Enter' || event.key === ' ') onSelect({ kind: 'node', key: here });
    else {
      const way = wayOf(event.key);
      const next = way
        ? nextNode(here, way, layout, edges)
        : event.key === 'Home'
          ? order[0]
          : event.key === 'End'
            ? order.at(-1)
            : undefined;
      if (next === undefined) return;
      if (next !== null) {
        setVisited(next);
        field.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(next)}"]`)?.focus({ preventScroll: true });
        show(next);
      }
    }
    event.preventDefault();
  };

  const isDark = useIsDark();
  const helpId = useId();
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys are pressed on the nodes inside
    <div className="rl-map" ref={field} onKeyDown={onKeyDown}>
      <span id={helpId} hidden>
        {t('mapKeys')}
      </span>
      {!elements && <PageLoading />}
      {elements && (
        <ReactFlow<FlowNode, FlowEdge>
          aria-label={t('mapLabel', {
            nodes: t('nodeCount', { count: nodes.length }),
            edges: t('edgeCount', { count: edges.length }),
          })}
          aria-describedby={helpId}
          nodes={elements.nodes}
          edges={elements.edges}
          nodeTypes={NODE_TYPES}
          edgeTypes={EDGE_TYPES}
          colorMode={isDark ? 'dark' : 'light'}
          fitView
          fitViewOptions={FIT}
          minZoom={0.1}
          maxZoom={2}
          {...(reach ? { translateExtent: reach } : {})}
          nodesDraggable={false}
          nodesConnectable={false}
          nodesFocusable={false}
          edgesFocusable={false}
          elementsSelectable={false}
          disableKeyboardA11y
          deleteKeyCode={null}
          selectionKeyCode={null}
          multiSelectionKeyCode={null}
          panActivationKeyCode={null}
          zoomActivationKeyCode={null}
          onNodeClick={onNodeClick}
          onEdgeClick={onEdgeClick}
          onPaneClick={() => onSelect(null)}
          onMoveStart={noteMove}
        >
          {nodes.length > MANY_NODES && <Overview label={t('overview')} />}
          <FarMark field={field} />
        </ReactFlow>
      )}
      {elements && (
        <div className="rl-map-bar">
          <Legend size={size} hasLinks={edges.some((edge) => edge.is_link)} hasUnknown={nodes.some(isUnknown)} />
          <ZoomButtons
            onFit={() => {
              // Also puts in order what was fitted in meanwhile
              setTidied(tidied + 1);
              showWhole();
            }}
          />
        </div>
      )}
    </div>
  );
}

/** Where one looks: what fits the map into view, and what moves it no more than needed. */
function useCamera(
  field: RefObject<HTMLDivElement | null>,
  layout: Layout | null,
  arrangement: string | null,
  isSelecting: boolean,
) {
  const { fitView, getViewport, setViewport, getZoom } = useReactFlow<FlowNode, FlowEdge>();
  const hasMoved = useRef(false);
  const noteMove = useCallback((event: unknown) => {
    // Without an event, it was the program that moved.
    if (event) hasMoved.current = true;
  }, []);

  const showWhole = useCallback(() => {
    hasMoved.current = false;
    void fitView({ ...FIT, duration: MOVE_MS });
  }, [fitView]);

  const before = useRef<{ layout: Layout; arrangement: string } | null>(null);
  useEffect(() => {
    if (!layout || arrangement === null) return;
    const last = before.current;
    before.current = { layout, arrangement };
    if (!last || sameCorners(last.layout, layout)) return;
    if (last.arrangement !== arrangement) hasMoved.current = false;
    if (!hasMoved.current) requestAnimationFrame(() => void fitView({ ...FIT, duration: MOVE_MS }));
  }, [layout, arrangement, fitView]);

  // What opens and closes beside the map changes its width. Nothing moves away from under what is looked at.
  const extent = useStore(({ width, height }) => `${width} ${height}`);
  const fitted = useRef(extent);
  useEffect(() => {
    if (isSelecting || hasMoved.current || fitted.current === extent) return;
    if (fitted.current !== '0 0') void fitView(FIT);
    fitted.current = extent;
  }, [extent, isSelecting, fitView]);

  const centre = useCallback(
    (keys: readonly string[]) => {
      if (keys.length === 0) return;
      hasMoved.current = true;
      void fitView({ nodes: keys.map((id) => ({ id })), maxZoom: Math.max(1, getZoom()), duration: MOVE_MS });
    },
    [fitView, getZoom],
  );

  const places = useRef(layout);
  places.current = layout;
  const show = useCallback(
    (key: string) => {
      // After what opened beside the map has taken its place
      requestAnimationFrame(() => {
        const place = places.current?.positions.get(key);
        const box = field.current?.querySelector('.react-flow')?.getBoundingClientRect();
        if (!place || !box) return;
        const { x, y, zoom } = getViewport();
        const by = {
          x: intoView(place.x * zoom + x, NODE_WIDTH * zoom, box.width),
          y: intoView(place.y * zoom + y, NODE_HEIGHT * zoom, box.height),
        };
        if (by.x || by.y) void setViewport({ x: x + by.x, y: y + by.y, zoom }, { duration: MOVE_MS });
      });
    },
    [field, getViewport, setViewport],
  );
  return { showWhole, centre, show, noteMove };
}

/** How far something has to be moved to be seen between 0 and `length`; 0 where it is. */
function intoView(start: number, extent: number, length: number): number {
  if (start < 0) return SHOW_MARGIN - start;
  return Math.min(0, length - SHOW_MARGIN - (start + extent)) * Number(start + extent > length);
}

/** Marks the map while its nodes walk to the places of a new layout. */
function useMovingMark(field: RefObject<HTMLDivElement | null>, layout: Layout | null) {
  const before = useRef<Layout | null>(null);
  useEffect(() => {
    const last = before.current;
    before.current = layout;
    const { current: element } = field;
    if (!element || !last || !layout || sameCorners(last, layout)) return;
    element.dataset.moving = '';
    const timer = setTimeout(() => delete element.dataset.moving, MOVE_MS + 200);
    return () => clearTimeout(timer);
  }, [field, layout]);
}

/** Marks how far away one looks from: some text is left out where it could not be read. */
function FarMark({ field }: { field: RefObject<HTMLDivElement | null> }) {
  const distance = useStore(({ transform: [, , zoom] }) =>
    zoom < FAR_ZOOM ? 'far' : zoom < NEAR_ZOOM ? 'mid' : 'near',
  );
  useEffect(() => {
    if (field.current) field.current.dataset.distance = distance;
  }, [field, distance]);
  return null;
}

/** A small map of the whole one, while some of it is out of sight. */
function Overview(props: { label: string }) {
  const isWhole = useStore(({ nodes, transform: [x, y, zoom], width, height }) =>
    nodes.every(
      ({ position }) =>
        position.x * zoom + x >= 0 &&
        position.y * zoom + y >= 0 &&
        (position.x + NODE_WIDTH) * zoom + x <= width &&
        (position.y + NODE_HEIGHT) * zoom + y <= height,
    ),
  );
  return isWhole ? null : (
    <MiniMap<FlowNode> style={OVERVIEW} pannable zoomable ariaLabel={props.label} nodeColor={overviewColor} />
  );
}

/** The layout of these nodes alone; what was there before does not count as a place to go. */
function withoutOthers(layout: Layout, nodes: readonly MapNode[]): Layout {
  const positions = nodes.flatMap((node): [string, Point][] => {
    const place = layout.positions.get(node.key);
    return place ? [[node.key, place]] : [];
  });
  return { positions: new Map(positions), routes: layout.routes };
}

/** How far one can go: the map cannot be lost out of sight. */
function reachOf(layout: Layout): CoordinateExtent {
  const places = [...layout.positions.values()];
  const [xs, ys] = [places.map((place) => place.x), places.map((place) => place.y)];
  const [left, top, right, bottom] = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  const margin = Math.max(LEAST_REACH, right - left, bottom - top);
  return [
    [left - margin, top - margin],
    [right + NODE_WIDTH + margin, bottom + NODE_HEIGHT + margin],
  ];
}

/** Whether nothing has moved from one layout to the other, and nothing has come. */
function sameCorners(a: Layout, b: Layout): boolean {
  return [...b.positions].every(([key, place]) => {
    const old = a.positions.get(key);
    return old && old.x === place.x && old.y === place.y;
  });
}

function overviewColor(node: FlowNode): string {
  const problem = worst(node.data.node.statistics);
  return `var(--rl-${problem?.outcome ?? (node.data.node.statistics ? 'ok' : 'unfinished')})`;
}
