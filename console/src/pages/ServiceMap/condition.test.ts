import { describe, expect, it } from 'vitest';
import { type Condition, NO_CONDITION, withCondition } from './condition';

const NODE = 'service(id(name: "pay", type: "remote"))';

describe('the filter for some requests of a node', () => {
  it.each<[Condition, string]>([
    [NO_CONDITION, NODE],
    [{ outcomes: ['fault'], range: null }, `${NODE} { fault }`],
    [{ outcomes: ['fault', 'error'], range: null }, `${NODE} { (fault OR error) }`],
    [{ outcomes: ['ok', 'error', 'throttle', 'fault'], range: null }, NODE],
    [
      { outcomes: ['fault', 'error'], range: { fromMs: 500, toMs: 2000 } },
      `${NODE} { (fault OR error) AND responsetime >= 0.4995 AND responsetime <= 2.005 }`,
    ],
    [{ outcomes: [], range: { fromMs: 0, toMs: 12 } }, `${NODE} { responsetime >= 0 AND responsetime <= 0.0125 }`],
  ])('%j', (condition, filter) => {
    expect(withCondition(NODE, condition)).toBe(filter);
  });
});
