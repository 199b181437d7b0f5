import { describe, expect, it } from 'vitest';
import {
  type AttributeKind,
  type AttributeValue,
  conditionFor,
  exceptFor,
  nodeFromLabel,
  responseTimeCondition,
} from './conditions';

function of(kind: AttributeKind, value: AttributeValue, key = ''): string | null {
  return conditionFor({ kind, key }, value);
}

describe('the condition for a value', () => {
  it.each<[AttributeKind, AttributeValue, string]>([
    ['url', 'https://shop.test/a?b="c"\\d', 'http.url = "https://shop.test/a?b=\\"c\\"\\\\d"'],
    ['method', 'POST', 'http.method = "POST"'],
    ['status', '502', 'http.status = 502'],
    ['status', 502, 'http.status = 502'],
    ['user', '강남', 'user = "강남"'],
    ['user_agent', 'curl/8', 'http.useragent = "curl/8"'],
    ['client_ip', '::1', 'http.clientip = "::1"'],
    ['availability_zone', 'ap-northeast-2a', 'availabilityzone = "ap-northeast-2a"'],
    ['instance', 'i-1', 'instance.id = "i-1"'],
    ['resource_arn', 'arn:x', 'resource.arn = "arn:x"'],
    ['outcome', 'fault', 'fault'],
    ['service', 'orders (AWS::DynamoDB::Table)', 'service(id(name: "orders", type: "AWS::DynamoDB::Table"))'],
    ['service', 'web', 'service(id(name: "web", type: ""))'],
    ['entry_point', 'web', 'service(id(name: "web", type: "")) { root }'],
  ])('%s %j is %s', (kind, value, expected) => {
    expect(of(kind, value)).toBe(expected);
  });

  it.each<[AttributeKind, string]>([
    ['url', '!http.url'],
    ['status', '!http.status'],
    ['user', '!user'],
    ['outcome', '!(ok OR error OR throttle OR fault)'],
    ['entry_point', '!service() { root }'],
    ['fault_root_cause', '!rootcause.fault.service { first }'],
  ])('%s without a value is %s', (kind, expected) => {
    expect(of(kind, null)).toBe(expected);
  });

  it.each<[string, AttributeValue, string | null]>([
    ['restaurantName', '', 'annotation.restaurantName = ""'],
    ['restaurantName', '강남 맛집', 'annotation.restaurantName = "강남 맛집"'],
    ['a-b', 'x', 'annotation[a-b] = "x"'],
    ['n', 3, 'annotation.n = 3'],
    ['n', 0.1, 'annotation.n = 0.1'],
    ['n', '3', 'annotation.n = "3"'],
    ['n', Number.NaN, null],
    ['f', false, 'annotation.f = false'],
    ['f', null, '!(annotation.f OR annotation.f = false)'],
    ['with space', 'x', null],
    ['a]b', 'x', null],
  ])('annotation %s %j is %s', (key, value, expected) => {
    expect(of('annotation', value, key)).toBe(expected);
  });

  it.each<[AttributeKind, string, string]>([
    [
      'fault_root_cause',
      'web: names.test [ProbeError] > names.test (remote)',
      'rootcause.json = #[{"Services":[{"Name":"web","Type":"","EntityPath":[{},{"Name":"names.test"}]},' +
        '{"Name":"names.test","Type":"remote","EntityPath":[{"Exceptions":[]}]}]}] AND ' +
        'rootcause.fault.service { name = "names.test" AND last } AND ' +
        'rootcause.fault.exception { name = "ProbeError" } AND ' +
        '!rootcause.fault.exception { name != "ProbeError" }',
    ],
    [
      'response_time_root_cause',
      'api (AWS::ApiGateway::Stage): Lambda / put',
      'rootcause.json = #[{"Services":[{"Name":"api","Type":"AWS::ApiGateway::Stage","EntityPath":' +
        '[{},{"Name":"Lambda"},{"Name":"put"}]}]}] AND ' +
        'rootcause.responsetime.service { name = "api" AND last }',
    ],
  ])('%s %j has its shape', (kind, value, expected) => {
    expect(of(kind, value)).toBe(expected);
  });

  it('is nothing for lengths, which are asked for by their range', () => {
    expect(of('response_time', 12)).toBeNull();
    expect(responseTimeCondition(0.1, 1234.5)).toBe('responsetime >= 0.0001 AND responsetime <= 1.2345');
  });
});

it('turns a condition around', () => {
  expect(exceptFor('fault')).toBe('!(fault)');
});

it.each([
  ['orders (AWS::DynamoDB::Table)', { name: 'orders', type: 'AWS::DynamoDB::Table' }],
  ['orders', { name: 'orders', type: '' }],
])('reads the node %s', (label, node) => {
  expect(nodeFromLabel(label)).toEqual(node);
});
