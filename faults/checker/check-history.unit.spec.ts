import { describe, expect, it } from '@jest/globals';
import { checkHistory } from './check-history.ts';
import type { Effect, History, Operation, Receipt } from './history.ts';

const order = (key: string, customer = 'anna', end: Operation['end'] = 'ok'): Operation => ({
  key,
  kind: 'purchase',
  customer,
  end,
});
const applied = (key: string, number: number, more: Partial<Effect> = {}): Effect => ({
  consumer: 'prediction',
  customer: 'anna',
  key,
  number,
  outcome: 'applied',
  ...more,
});
const mail = (more: Partial<Receipt> = {}): Receipt => ({
  sendKey: 'touch-1',
  customer: 'anna',
  address: 'anna@shop.example',
  contentOf: 'anna',
  policy: 'at-most-once',
  ...more,
});

/** A run in which everything went as it should: one post timed out and had its effect all the same. */
const sound: History = {
  seed: 7,
  operations: [order('o-1'), order('o-2', 'anna', 'info'), order('o-3', 'anna', 'fail')],
  faults: [{ atMs: 10, what: 'killed prediction' }],
  effects: [applied('o-1', 1), applied('o-1', 1, { outcome: 'duplicate' }), applied('o-2', 2)],
  records: [
    { stream: 'purchase', customer: 'anna', number: 1 },
    { stream: 'purchase', customer: 'anna', number: 2 },
    { stream: 'purchase', customer: 'anna', number: 1 },
  ],
  decisions: [
    { customer: 'anna', what: 'reserved', sendKey: 'touch-1' },
    { customer: 'anna', what: 'opted-out' },
  ],
  receipts: [mail()],
  addresses: { anna: 'anna@shop.example', ben: 'ben@shop.example' },
  sums: [{ name: 'purchase at prediction', left: 3, right: 3 }],
  dumps: [{ name: 'rebuilt and live', one: 'a1', other: 'a1' }],
  expected: { leastOperations: 3, uncertain: true, consumers: { prediction: ['purchase'] } },
};

describe('the history checker', () => {
  it('finds nothing in a sound run, and says so in one line', () => {
    expect(checkHistory(sound)).toEqual({
      green: true,
      anomalies: [],
      voidBecause: [],
      line: 'seed 7: 1 ok, 1 fail, 1 info, 1 faults, 3 effects, 1 receipts: no anomaly',
    });
  });

  it.each<[string, Partial<History>]>([
    ['lost', { effects: [applied('o-2', 2)] }],
    ['lost', { effects: [applied('o-1', 1, { outcome: 'duplicate' }), applied('o-2', 2)] }],
    ['doubled', { effects: [applied('o-1', 1), applied('o-1', 2)] }],
    ['doubled', { receipts: [mail(), mail()] }],
    ['phantom', { effects: [...sound.effects, applied('o-3', 3)] }],
    ['phantom', { effects: [...sound.effects, applied('o-9', 3)] }],
    ['phantom', { receipts: [mail({ sendKey: 'touch-9' })] }],
    ['reordered', { effects: [applied('o-2', 2), applied('o-1', 1)] }],
    [
      'reordered',
      {
        records: [
          { stream: 'purchase', customer: 'anna', number: 2 },
          { stream: 'purchase', customer: 'anna', number: 1 },
        ],
      },
    ],
    [
      'late-send',
      {
        decisions: [
          { customer: 'anna', what: 'opted-out' },
          { customer: 'anna', what: 'reserved', sendKey: 'touch-1' },
        ],
      },
    ],
    ['misdirected', { receipts: [mail({ address: 'ben@shop.example' })] }],
    ['misdirected', { receipts: [mail({ contentOf: 'ben' })] }],
    ['stuck', { effects: [...sound.effects, applied('o-2', 3, { outcome: 'pending' })] }],
    ['gap', { sums: [{ name: 'touches planned', left: 10, right: 9 }] }],
    ['differs', { dumps: [{ name: 'crashed and uncrashed', one: 'a1', other: 'b2' }] }],
  ])('catches %s, and nothing else, in a run that had it', (kind, change) => {
    const { green, anomalies } = checkHistory({ ...sound, ...change });
    expect(green).toBe(false);
    expect([...new Set(anomalies.map((anomaly) => anomaly.kind))]).toContain(kind);
    expect(anomalies.filter((anomaly) => anomaly.kind !== kind)).toEqual([]);
  });

  it('lets a webhook arrive twice, and a customer come back', () => {
    const twice = [mail({ policy: 'at-least-once' }), mail({ policy: 'at-least-once' })];
    expect(checkHistory({ ...sound, receipts: twice }).green).toBe(true);
    const decisions = [
      { customer: 'anna', what: 'opted-out' as const },
      { customer: 'anna', what: 'opted-in' as const },
      { customer: 'anna', what: 'reserved' as const, sendKey: 'touch-1' },
    ];
    expect(checkHistory({ ...sound, decisions }).green).toBe(true);
  });

  it.each([
    ['email', false],
    ['webhook', true],
  ])('takes a reservation for %s after an opt-out of e-mail for green: %s', (channel, green) => {
    const decisions = [
      { customer: 'anna', what: 'opted-out' as const, channel: 'email' },
      { customer: 'anna', what: 'reserved' as const, channel, sendKey: 'touch-1' },
    ];
    expect(checkHistory({ ...sound, decisions }).green).toBe(green);
  });

  it.each<[string, Partial<History>]>([
    ['operations ran', { expected: { ...sound.expected, leastOperations: 4 } }],
    ['no fault happened', { faults: [] }],
    ['clear answer', { operations: [order('o-1'), order('o-2'), order('o-3', 'anna', 'fail')] }],
  ])('is void, which is red, when %s', (why, change) => {
    const { green, line, anomalies } = checkHistory({ ...sound, ...change });
    expect(anomalies).toEqual([]);
    expect(green).toBe(false);
    expect(line).toContain('VOID');
    expect(line).toContain(why);
  });
});
