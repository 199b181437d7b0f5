import { expect, it } from 'vitest';
import type { Schemas } from '@/api/client';
import { spansOfNode } from './nodeSpans';
import { SpanFlag } from './traceTree';
import { treeOf } from './traceTreeFixture';

function node(name: string, type: string, reporting: boolean): Schemas['MapNode'] {
  const rest = { is_client: false, is_root: false, statistics: null, start: null, end: null, filter: null };
  return { key: `${name}|${type}`, name, type, reporting, ...rest };
}

function edge(source: string, target: string): Schemas['MapEdge'] {
  const statistics = { requests: 0, ok: 0, error: 0, throttle: 0, fault: 0, average_ms: null, percentiles: null };
  return {
    source,
    target,
    is_link: false,
    statistics: { ...statistics, histogram: [] },
    message_ages: null,
    filter: null,
  };
}

const map: Schemas['TraceMapAnswer'] = {
  trace_id: '',
  lambda_view: 'merged',
  nodes: [
    node('shop', 'AWS::ECS::Container', true),
    node('orders', 'AWS::DynamoDB::Table', false),
    node('api.test', 'remote', false),
  ],
  edges: [
    edge('shop|AWS::ECS::Container', 'orders|AWS::DynamoDB::Table'),
    edge('shop|AWS::ECS::Container', 'api.test|remote'),
  ],
};
const tree = treeOf([
  ['shop', -1, 0, 10, SpanFlag.segment],
  ['load', 0, 0, 5],
  ['DynamoDB', 1, 0, 1, SpanFlag.inferred],
  ['api.test', 1, 1, 1, SpanFlag.inferred],
]);

it.each([
  ['shop|AWS::ECS::Container', [1, 1, 0, 0]],
  ['orders|AWS::DynamoDB::Table', [0, 0, 1, 0]],
  ['api.test|remote', [0, 0, 0, 1]],
  ['gone|', [0, 0, 0, 0]],
])('the spans of %s', (key, found) => {
  expect([...spansOfNode(tree, map, key)]).toEqual(found);
});
