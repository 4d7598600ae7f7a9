import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StreamEvent } from '@regulars/contracts';
import { addDays, newId } from '@regulars/kernel';
import { sql } from '@regulars/persistence';
import fc from 'fast-check';
import { aPurchase, openShop, revised, type Shop } from '../shop.kit.spec.js';

type PurchaseEvent = StreamEvent<'purchase'>;

const line = fc.record({
  productId: fc.constantFrom('p', 'q'),
  category: fc.constantFrom('coffee', 'tea', 'milk'),
  quantity: fc.constantFrom(1, 2),
  amountMinor: fc.integer({ min: 0, max: 50_000 }),
});

/** What happens next in a shop with two customers; most often one of them buys on the same or a later day. */
const step = fc.record({
  what: fc.oneof(
    { weight: 8, arbitrary: fc.constant('bought' as const) },
    {
      weight: 6,
      arbitrary: fc.constantFrom('late', 'corrected', 're-dated', 'refunded', 'partly', 'moved'),
    },
  ),
  who: fc.nat(1),
  which: fc.nat(19),
  days: fc.constantFrom(0, 1, 3, 7, 30),
  currency: fc.constantFrom('EUR', 'EUR', 'EUR', 'USD'),
  totalMinor: fc.integer({ min: 1, max: 50_000 }),
  imported: fc.boolean(),
  lines: fc.array(line, { maxLength: 3 }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Events in the sequence in which ingestion would write them; orders move between the customers as a merge moves them. */
function eventsOf(steps: readonly Step[], customers: readonly string[]): PurchaseEvent[] {
  const events: PurchaseEvent[] = [];
  const orders: PurchaseEvent[] = [];
  let today = '2025-01-01';
  const write = (at: number, event: PurchaseEvent): void => {
    orders[at] = event;
    events.push(event);
  };
  for (const { what, who, which, days, ...bought } of steps) {
    const at = which % Math.max(1, orders.length);
    const before = orders[at];
    if (what === 'bought' || what === 'late' || !before) {
      if (what !== 'late') today = addDays(today, days);
      const purchaseDay = what === 'late' ? addDays('2025-01-01', which) : today;
      write(orders.length, aPurchase(customers[who] ?? '', { ...bought, purchaseDay }));
    } else if (what === 'moved') {
      const to = customers.find((id) => id !== before.key) ?? '';
      const gone = revised(before, 'PurchaseRemoved');
      events.push(gone);
      write(at, { ...revised(gone, 'PurchaseRecorded', { customerId: to }), key: to });
    } else {
      write(at, changed(before, what, bought, today));
    }
  }
  return events;
}

function changed(
  before: PurchaseEvent,
  what: Exclude<Step['what'], 'bought' | 'late' | 'moved'>,
  { totalMinor, currency, lines }: Pick<Step, 'totalMinor' | 'currency' | 'lines'>,
  today: string,
): PurchaseEvent {
  switch (what) {
    case 'corrected':
      return revised(before, 'PurchaseCorrected', { totalMinor, currency, lines });
    case 're-dated':
      return revised(before, 'PurchaseCorrected', { purchaseDay: today });
    case 'refunded':
      return revised(before, 'PurchaseRefunded', { totalMinor: 0, fullyRefunded: true });
    case 'partly':
      return revised(before, 'PurchaseRefunded', { totalMinor, refundedMinor: 1 });
  }
}

/** How they arrive: some at another place, some twice, in batches; and now and then no state is there to go on from. */
const arrival = fc.record({
  moved: fc.array(fc.tuple(fc.nat(29), fc.nat(29)), { maxLength: 4 }),
  again: fc.array(fc.tuple(fc.nat(29), fc.nat(40)), { maxLength: 4 }),
  batches: fc.array(fc.record({ size: fc.integer({ min: 1, max: 5 }), forgetful: fc.nat(9) }), {
    minLength: 1,
    maxLength: 8,
  }),
});

/** The last state of each order of each customer by day, as of a shop in which nothing was ever late or wrong. */
function cleanHistory(events: readonly PurchaseEvent[]): PurchaseEvent[] {
  const last = new Map(events.map((event) => [`${event.key} ${event.data.orderId}`, event]));
  return [...last.values()].sort((a, b) => (a.data.purchaseDay < b.data.purchaseDay ? -1 : 1));
}

// Real: Postgres, inbox, ledger, states, outbox. Past the inbox, as in a redrive: else it would refuse what is late.
describe('replay equals live', () => {
  let live: Shop;
  let clean: Shop;
  beforeAll(async () => {
    live = await openShop('2026-07-01');
    clean = await openShop('2026-07-01');
  });
  afterAll(async () => {
    await live.database.drop();
    await clean.database.drop();
  });

  it('for any order, duplicates, corrections, refunds and merges in any batches: states, forecasts and events are those of the clean history', async () => {
    const steps = fc.array(step, { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(steps, arrival, async (taken, { moved, again, batches }) => {
        const customers = [newId(), newId()];
        const events = eventsOf(taken, customers);
        const arrived = [...events];
        for (const [from, to] of moved) arrived.splice(to, 0, ...arrived.splice(from, 1));
        for (const [from, to] of again) arrived.splice(to, 0, ...arrived.slice(from, from + 1));

        for (let at = 0, i = 0; at < arrived.length; i++) {
          const { size, forgetful } = batches[i % batches.length] ?? { size: 1, forgetful: 1 };
          const batch = arrived.slice(at, at + size);
          if (forgetful === 0) await forget(live, batch);
          await live.purchases(batch, { redriving: true });
          at += size;
        }
        await clean.purchases(cleanHistory(events), { redriving: true });

        expect(await tables(live, customers)).toEqual(await tables(clean, customers));
        expect(lastWords(await live.published())).toEqual(lastWords(await clean.published()));
      }),
      { numRuns: 40 },
    );
  });
});

/** As a migration leaves customers: with a ledger and without a state. */
async function forget({ database }: Shop, batch: readonly PurchaseEvent[]): Promise<void> {
  await database.query(sql`
    update customers set state = null where id = any(${batch.map(({ key }) => key)}::uuid[])`);
}

async function tables({ database }: Shop, customers: readonly string[]) {
  return {
    customers: await database.query(
      sql`select * from customers where id = any(${customers}::uuid[]) order by id`,
    ),
    forecasts: await database.query(
      sql`select * from forecasts where customer_id = any(${customers}::uuid[]) order by customer_id`,
    ),
    categories: await database.query(sql`
      select * from category_forecasts where customer_id = any(${customers}::uuid[])
      order by customer_id, category`),
  };
}

/** The last forecast event of each customer. What it answers to is how it came about; verdicts are records of the path. */
function lastWords(published: Awaited<ReturnType<Shop['published']>>) {
  const last = new Map<string, unknown>();
  for (const event of published) {
    if (event.type === 'ForecastUpdated') last.set(event.key, { ...event.data, cause: undefined });
    if (event.type === 'Tombstone') last.set(event.key, undefined);
  }
  return last;
}
