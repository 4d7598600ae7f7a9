import { describe, expect, it } from '@jest/globals';
import { unknownCustomer, type Order, type Touch } from '../ledger/customer-history.js';
import { addTouches } from './touch-totals.js';
import { Tally } from './tally.js';

const touch = (touchId: string, reachedAt: string | null, day = '2026-05-01'): Touch => ({
  touchId,
  epoch: 1,
  sequence: 1,
  day,
  channel: 'email',
  campaignId: 'campaign',
  outcome: reachedAt === null ? 'skipped' : 'sent',
  detail: '',
  reachedAt: reachedAt === null ? null : new Date(reachedAt),
});
const order = (purchasedAt: string): Order => ({
  key: purchasedAt,
  epoch: 1,
  revision: 1,
  day: purchasedAt.slice(0, 10),
  purchasedAt: new Date(purchasedAt),
  currency: 'EUR',
  totalMinor: 500,
});

function credited(touches: Touch[], orders: Order[]) {
  const totals = { touches: new Tally(), touchPurchases: new Tally() };
  addTouches(totals, {
    ...unknownCustomer('c'),
    touches: new Map(touches.map((one) => [one.touchId, one])),
    orders: new Map(orders.map((one) => [one.key, one])),
  });
  return totals.touchPurchases.entries().map(({ key, counters }) => [key[0], ...counters]);
}

describe('purchases credited to touches', () => {
  it('go to the last touch before them, once', () => {
    const touches = [
      touch('a', '2026-05-01T09:00:00Z', '2026-05-01'),
      touch('b', '2026-05-05T09:00:00Z', '2026-05-05'),
    ];
    expect(credited(touches, [order('2026-05-06T10:00:00Z')])).toEqual([['2026-05-05', 1, 500]]);
  });

  it('need a touch that reached the customer within 14 days', () => {
    const late = order('2026-05-15T09:00:00.001Z');
    const justInTime = order('2026-05-15T09:00:00Z');
    const sent = touch('a', '2026-05-01T09:00:00Z');
    expect(credited([sent], [late])).toEqual([]);
    expect(credited([sent], [justInTime])).toEqual([['2026-05-01', 1, 500]]);
    expect(credited([touch('a', null)], [justInTime])).toEqual([]);
  });
});
