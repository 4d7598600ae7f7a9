import { describe, expect, it } from '@jest/globals';
import { foldHistory } from '@regulars/forecasting';
import { addDays } from '@regulars/kernel';
import fc from 'fast-check';
import { customerLedger } from './customer-ledger.js';
import type { CustomerState } from './customer-state.js';
import { foldOrders, growState } from './fold-orders.js';
import type { LedgerItem, LedgerOrder } from './ledger-order.js';
import { anItem, anOrder } from './ledger.kit.spec.js';

const START = '2025-12-20';

describe('the state of a customer', () => {
  it('is nothing when every order was taken back', () => {
    expect(foldOrders([anOrder({ purchaseDay: null })])).toBeUndefined();
    expect(foldOrders([])).toBeUndefined();
  });

  it('is opened by the smallest id of the last day, and imported only if all of that day is', () => {
    const state = foldOrders([
      anOrder({ purchaseDay: '2026-01-01', purchaseId: 'a' }),
      anOrder({ purchaseDay: '2026-02-01', purchaseId: 'c', imported: true }),
      anOrder({ purchaseDay: '2026-02-01', purchaseId: 'b', imported: true }),
    ]);

    expect(state).toMatchObject({ cycle: 'b', imported: true });
  });

  it('keeps what was bought on the last day of all and of each category, packs bought at once apart', () => {
    const state = foldOrders([
      anOrder({ purchaseDay: '2026-01-01', items: [anItem({ category: 'tea' })] }),
      anOrder({ purchaseDay: '2026-02-01', items: [anItem(), anItem({ quantity: 2 })] }),
      anOrder({ purchaseDay: '2026-02-01', items: [anItem({ amountMinor: 500 })] }),
    ]);

    const lastItems = [anItem({ amountMinor: 1_500 }), anItem({ quantity: 2 })];
    expect(state?.lastItems).toEqual(lastItems);
    expect(state?.categories).toMatchObject([
      { category: 'coffee', lastItems },
      { category: 'tea', lastItems: [anItem({ category: 'tea' })] },
    ]);
  });
});

describe('a state grows', () => {
  const february = foldOrders([
    anOrder({ purchaseDay: '2026-01-01', currency: 'USD' }),
    anOrder({ purchaseDay: '2026-02-01', purchaseId: 'b', imported: true }),
  ]);
  const grown = (over: Partial<LedgerOrder>, replaced = false) =>
    february && growState(february, [{ order: anOrder(over), replaced }]);

  it('by an order of its last day and of a later one', () => {
    expect(grown({ purchaseDay: '2026-02-01' })).toMatchObject({
      history: { purchaseCount: 2, openDaySpend: 2_000 },
      cycle: 'a',
      imported: false,
    });
    expect(grown({ purchaseDay: '2026-02-02' })).toMatchObject({
      history: { purchaseCount: 3, lastGap: 1 },
    });
  });

  it('not by a day before its last one, nor by an order that the ledger knew in another state', () => {
    expect(grown({ purchaseDay: '2026-01-31' })).toBeUndefined();
    expect(grown({ purchaseDay: '2026-02-02' }, true)).toBeUndefined();
    expect(grown({ purchaseDay: null }, true)).toBeUndefined();
  });

  it('not into another main currency, but by a day in it that leaves the main one', () => {
    expect(february?.currency).toBe('EUR');
    expect(grown({ purchaseDay: '2026-02-02', currency: 'USD' })).toBeUndefined();
    // The day counts for EUR already.
    expect(grown({ purchaseDay: '2026-02-01', currency: 'GBP' })).toMatchObject({
      history: { openDaySpend: 1_000 },
    });
  });

  it('not at all by an order that was taken back before it was heard of', () => {
    expect(grown({ purchaseDay: null })).toBe(february);
  });
});

/** What may happen to the orders of a customer: each change is an order's next state. */
const change = fc.record({
  order: fc.nat(9),
  /** Mostly in time order, so that the state grows; 0 is a day in the past. */
  step: fc.constantFrom(0, 1, 1, 1, 1),
  day: fc.nat(60),
  gone: fc.constantFrom(true, false, false, false, false, false),
  corrects: fc.constantFrom(true, false, false, false),
  currency: fc.constantFrom('EUR', 'EUR', 'EUR', 'USD', 'GBP'),
  totalMinor: fc.integer({ min: -500, max: 50_000 }),
  imported: fc.boolean(),
  purchaseId: fc.stringMatching(/^[a-f]{4}$/),
  items: fc.array(
    fc.record({
      product: fc.constantFrom('p', 'q'),
      category: fc.constantFrom('coffee', 'tea', 'milk', null),
      quantity: fc.constantFrom(1, 2),
      amountMinor: fc.integer({ min: -500, max: 50_000 }),
    }),
    { maxLength: 3 },
  ),
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

/** Orders and their states in the sequence in which they came about. */
function orderStates(changes: readonly Change[]): LedgerOrder[] {
  let today = 0;
  const revisions = new Map<string, number>();
  return changes.map(({ order, step, day, gone, corrects, ...rest }, i) => {
    today += step * (day % 9);
    const orderId = corrects ? `o${String(order)}` : `n${String(i)}`;
    const revision = (revisions.get(orderId) ?? 0) + 1;
    revisions.set(orderId, revision);
    const purchaseDay = gone ? null : addDays(START, step === 0 ? day : today);
    return anOrder({ ...rest, orderId, revision, purchaseDay });
  });
}

/** Some come at another place, some twice; batches of up to four. */
const arrivals = fc
  .record({
    changes: fc.array(change, { minLength: 1, maxLength: 25 }),
    moved: fc.array(fc.tuple(fc.nat(24), fc.nat(24)), { maxLength: 4 }),
    again: fc.array(fc.tuple(fc.nat(24), fc.nat(30)), { maxLength: 4 }),
    sizes: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 8 }),
  })
  .map(({ changes, moved, again, sizes }) => {
    const arrived = orderStates(changes);
    for (const [from, to] of moved) arrived.splice(to, 0, ...arrived.splice(from, 1));
    for (const [from, to] of again) arrived.splice(to, 0, ...arrived.slice(from, from + 1));
    return { arrived, sizes };
  });

/** The consumer without its database: a ledger of the newest orders, and the state as JSON beside it. */
class Consumer {
  readonly ledger = new Map<string, LedgerOrder>();
  state: CustomerState | undefined;
  readonly ways = { grown: 0, folded: 0 };

  take(orders: readonly LedgerOrder[]): void {
    const newest = new Map<string, LedgerOrder>();
    for (const order of orders) {
      const known = newest.get(order.orderId) ?? this.ledger.get(order.orderId);
      if (!known || known.revision < order.revision) newest.set(order.orderId, order);
    }
    const written = [...newest.values()].map((order) => ({
      order,
      replaced: this.ledger.has(order.orderId),
    }));
    for (const { order } of written) this.ledger.set(order.orderId, order);
    const grown = this.state && growState(this.state, written);
    this.ways[grown ? 'grown' : 'folded'] += 1;
    const state = grown ?? foldOrders([...this.ledger.values()]);
    this.state = state && (JSON.parse(JSON.stringify(state)) as CustomerState);
  }
}

/** What has arrived so far is a history too: the state is compared after every batch. */
function expectReplay(consumer: Consumer, arrived: readonly LedgerOrder[], sizes: number[]): void {
  for (let at = 0, batch = 0; at < arrived.length; batch++) {
    const size = sizes[batch % sizes.length] ?? 1;
    consumer.take(arrived.slice(at, at + size));
    at += size;

    const clean = cleanLedger(arrived.slice(0, at));
    expect(consumer.state).toStrictEqual(foldOrders(clean));
    expect(sums(consumer.state)).toStrictEqual(sumsOf(clean));
  }
}

/** The ledger as one reads it who was there from the start: newest states only, by day. */
function cleanLedger(orders: readonly LedgerOrder[]): LedgerOrder[] {
  const newest = new Map<string, LedgerOrder>();
  for (const order of [...orders].sort((a, b) => a.revision - b.revision)) {
    newest.set(order.orderId, order);
  }
  return [...newest.values()]
    .filter(({ purchaseDay }) => purchaseDay !== null)
    .sort((a, b) => ((a.purchaseDay ?? '') < (b.purchaseDay ?? '') ? -1 : 1));
}

describe('replay equals live', () => {
  it('for any order, duplicates and corrections in any batches: the state is bit-equal to the fold of the clean ledger', () => {
    const ways = { grown: 0, folded: 0 };
    fc.assert(
      fc.property(arrivals, ({ arrived, sizes }) => {
        const consumer = new Consumer();
        expectReplay(consumer, arrived, sizes);
        ways.grown += consumer.ways.grown;
        ways.folded += consumer.ways.folded;
      }),
      { numRuns: 300 },
    );
    // Else the property would say nothing of one of the two ways.
    expect(ways.grown).toBeGreaterThan(100);
    expect(ways.folded).toBeGreaterThan(100);
  });

  it('also when he buys in more categories than are kept', () => {
    const within = (from: number, count: number): LedgerItem[] =>
      Array.from({ length: count }, (_, i) => anItem({ category: `c${String(from + i)}` }));
    const order = fc.record({ from: fc.nat(239), count: fc.nat(20), day: fc.nat(3) });
    let grown = 0;
    fc.assert(
      fc.property(fc.array(order, { minLength: 3, maxLength: 6 }), (list) => {
        const orders = list.map(({ from, count, day }, i) =>
          anOrder({
            orderId: String(i),
            purchaseDay: addDays(START, 4 * i + day),
            items: within(from, i < 2 ? 120 : count),
          }),
        );
        const consumer = new Consumer();
        expectReplay(consumer, orders, [1]);
        grown += consumer.ways.grown;
      }),
      { numRuns: 12 },
    );
    expect(grown).toBeGreaterThan(10);
  });
});

/** The running sums by the other road: whole lists of days, folded by the library. */
function sumsOf(orders: readonly LedgerOrder[]) {
  const ledger = customerLedger(orders);
  return (
    ledger && {
      currency: ledger.currency,
      history: foldHistory(ledger.days),
      categories: ledger.categories.map(({ category, days }) => [category, foldHistory(days)]),
    }
  );
}

function sums(state: CustomerState | undefined) {
  return (
    state && {
      currency: state.currency,
      history: state.history,
      categories: state.categories.map(({ category, history }) => [category, history]),
    }
  );
}
