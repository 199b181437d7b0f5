import { expect, it } from 'vitest';
import type { Schemas } from '@/api/client';
import { bandOf, drawnOf } from './drawn';

const service = (name: string) => ({ name, type: '' });
const payments = { service: service('payments'), source: null, node_key: 'payments|' };
const bank = { service: service('bank'), source: service('payments'), node_key: 'bank|' };
const orders = { key: 'orders|', service: service('orders'), is_client: false, is_root_cause: false, signal: 'fault' };
const answer = {
  insight: { root_cause: { entity: bank, signal: 'latency' }, anomalous: [payments] },
  suspects: [{ entity: payments, signal: 'throttle', score: 0.1, sentence: '' }],
  nodes: [orders, { ...orders, key: 'client', service: service('client'), is_client: true, signal: null }],
  edges: [],
} as unknown as Schemas['InsightAnswer'];
const nothing = { of: null, signal: null };

it('draws the root cause and its signal where nothing else is asked for', () => {
  expect(drawnOf(answer, nothing)).toEqual({ entity: bank, keys: ['payments|', 'bank|'], signal: 'latency' });
});

it('draws what is suspected in the signal that made it suspect', () => {
  expect(drawnOf(answer, { of: ['payments|'], signal: null })).toMatchObject({ entity: payments, signal: 'throttle' });
});

it('draws any node of the impact graph in its own signal, or in the one that is asked for', () => {
  expect(drawnOf(answer, { of: ['orders|'], signal: null })).toMatchObject({ keys: ['orders|'], signal: 'fault' });
  expect(drawnOf(answer, { of: ['orders|'], signal: 'error' }).signal).toBe('error');
});

it('draws the root cause instead of clients, and of what is not there', () => {
  expect(drawnOf(answer, { of: ['client'], signal: null }).entity).toBe(bank);
  expect(drawnOf(answer, { of: ['gone|', 'orders|'], signal: null }).entity).toBe(bank);
});

it('asks for an edge by both of its ends', () => {
  expect(bandOf(bank)).toEqual({ edge: { source: service('payments'), target: service('bank') } });
  expect(bandOf(payments)).toEqual({ node: service('payments') });
});
