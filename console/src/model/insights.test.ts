import { describe, expect, it } from 'vitest';
import { formatLength } from './format';
import {
  type Entity,
  entitiesOf,
  entityKeys,
  entityText,
  failedOf,
  type Insight,
  insightsOfNodes,
  isEntity,
  leadingWatch,
  learnedShare,
  lengthOf,
  nodeKey,
  timeAround,
  type Watch,
} from './insights';

const entity = (name: string, source?: string): Entity => ({
  service: { name, type: '' },
  source: source === undefined ? null : { name: source, type: '' },
  node_key: `${name}|`,
});
const impact = { requests: 10, ok: 4, error: 1, throttle: 2, fault: 3 };

function insight(id: string, cause: Entity, anomalous: Entity[], more: Partial<Insight> = {}): Insight {
  return {
    id,
    group: 'Default',
    state: 'ACTIVE',
    categories: ['response_time'],
    start: 1000,
    detected: 1180,
    updated: 1200,
    end: null,
    summary: '',
    root_cause: { entity: cause, signal: 'latency', score: 0.5, sentence: '' },
    anomalous,
    client_impact: impact,
    root_cause_impact: impact,
    ...more,
  };
}

const watch = (group: string, state: Watch['state'], more: Partial<Watch> = {}): Watch => ({
  group,
  state,
  sentence: '',
  insights: state !== 'off',
  notifications: false,
  watched_until: null,
  entities: 0,
  ready: 0,
  requests_seen: 0,
  requests_needed: 100,
  minutes_seen: 0,
  minutes_needed: 10,
  ...more,
});

describe('nodes and edges', () => {
  it('are named by themselves, or by both ends', () => {
    expect(entityText(entity('orders'), '?')).toBe('orders');
    expect(entityText(entity('payments', ''), '?')).toBe('? → payments');
  });

  it('have keys as the map has, bars and backslashes escaped', () => {
    expect(nodeKey({ name: 'a|b', type: 'c\\d' })).toBe('a\\|b|c\\\\d');
    expect(entityKeys(entity('payments', 'a|b'))).toEqual(['a\\|b|', 'payments|']);
  });

  it('are not mistaken: calls to a node are not the node', () => {
    expect(isEntity(entity('payments', 'orders'), ['payments|'])).toBe(false);
    expect(isEntity(entity('payments', 'orders'), ['orders|', 'payments|'])).toBe(true);
  });

  it('of an insight are each listed once, the root cause first', () => {
    const cause = entity('bank', 'payments');
    const all = entitiesOf(insight('1', cause, [entity('orders'), cause, entity('bank')]));
    expect(all.map((each) => entityText(each, '?'))).toEqual(['payments → bank', 'orders', 'bank']);
  });
});

describe('figures of an incident', () => {
  it('count everything that did not end OK', () => {
    expect(failedOf(impact)).toBe(6);
  });

  it('last until now while it is active', () => {
    expect(lengthOf({ start: 1000, end: null }, 1_600_000)).toBe(600);
    expect(lengthOf({ start: 1000, end: 1300 }, 1_600_000)).toBe(300);
  });

  it('are written in the two largest units', () => {
    const lengths = [0, 59, 60, 3599, 3600, 3660, 86_400, 90_000].map((seconds) => formatLength(seconds, 'en'));
    expect(lengths).toEqual(['0 sec', '59 sec', '1 min', '59 min', '1 hr', '1 hr 1 min', '1 day', '1 day 1 hr']);
    expect(formatLength(3660, 'ko')).toBe('1시간 1분');
  });

  it('are drawn for a day at most, from before they began, or until now while they last', () => {
    const week = { start: 864_000, end: 864_000 + 604_800 };
    expect(timeAround(week, 2_000_000)).toEqual({ start: 842_400, end: 928_800 });
    expect(timeAround({ ...week, end: null }, 1_440_000)).toEqual({ start: 1_353_600, end: 1_440_000 });
  });

  it('are drawn with at least an hour before it, in whole minutes', () => {
    expect(timeAround({ start: 10_020, end: 10_300 }, 20_000)).toEqual({ start: 6420, end: 11_160 });
    expect(timeAround({ start: 10_020, end: null }, 10_030)).toEqual({ start: 6420, end: 10_080 });
  });
});

describe('nodes of a map', () => {
  const bank = insight('1', entity('bank', 'payments'), [entity('payments'), entity('bank')]);

  it('belong to every incident that they take part in', () => {
    const other = insight('2', entity('payments'), []);
    const found = insightsOfNodes([bank, other], 2000);
    expect([...found].map(([key, of]) => [key, of.map(({ id }) => id)])).toEqual([
      ['bank|', ['1']],
      ['payments|', ['1', '2']],
    ]);
  });

  it('belong to none that began after the time of the map', () => {
    expect(insightsOfNodes([bank], 1000).size).toBe(0);
  });
});

describe('how groups are watched', () => {
  it('is told of the group in which most can be found', () => {
    const watches = [watch('a', 'off'), watch('b', 'learning'), watch('c', 'watching')];
    expect(leadingWatch(watches)?.group).toBe('c');
    expect(leadingWatch(watches.slice(0, 2))?.group).toBe('b');
    expect(leadingWatch([])).toBeNull();
  });

  it('is learned as far as the lesser of requests and minutes', () => {
    expect(learnedShare(watch('a', 'learning', { requests_seen: 90, minutes_seen: 2 }))).toBe(0.2);
    expect(learnedShare(watch('a', 'learning', { requests_seen: 900, minutes_seen: 10 }))).toBe(1);
  });
});
