import { expect, it } from 'vitest';
import { traceIdIn } from './logLines';

it.each([
  ['REPORT\nXRAY TraceId: 1-6b029bea-1572883a51711200c2f01aff\tSegmentId: 4', '1-6b029bea-1572883a51711200c2f01aff'],
  ['START RequestId: 1d01b13c-37ff-4162-a5fe-96b54eb39d97', null],
  ['', null],
])('%j names %s', (message, id) => {
  expect(traceIdIn(message)).toBe(id);
});
