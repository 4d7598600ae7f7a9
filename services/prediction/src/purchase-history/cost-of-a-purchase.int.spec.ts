import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { StreamEvent } from '@regulars/contracts';
import { addDays, newId } from '@regulars/kernel';
import { sql, type Transaction } from '@regulars/persistence';
import { aPurchase, openShop, revised, type Shop } from '../shop.kit.spec.js';

type PurchaseEvent = StreamEvent<'purchase'>;

const FIRST = '2024-01-01';

/** One order each day, in two currencies and three categories. */
const daily = (customer: string, orders: number): PurchaseEvent[] =>
  Array.from({ length: orders }, (_, i) =>
    aPurchase(customer, {
      purchaseDay: addDays(FIRST, i),
      currency: i % 5 === 0 ? 'USD' : 'EUR',
      lines: [
        {
          productId: 'p',
          category: ['coffee', 'tea', 'milk'][i % 3] ?? '',
          quantity: 1,
          amountMinor: 500,
        },
      ],
    }),
  );

// Real: Postgres, which counts the rows that a transaction reads.
describe('the cost of a purchase', () => {
  let shop: Shop;
  beforeEach(async () => {
    shop = await openShop('2026-07-01');
  });
  afterEach(() => shop.database.drop());

  async function costOf(...events: readonly PurchaseEvent[]) {
    const cost = { statements: 0, rows: 0, orders: 0 };
    await shop.purchases(events, {
      around: async (tx, handle) => {
        const before = await rowsRead(tx);
        cost.statements = (await handle()).statements;
        const after = await rowsRead(tx);
        const read = (table: string) => (after.get(table) ?? 0) - (before.get(table) ?? 0);
        cost.rows = [...after.keys()].reduce((sum, table) => sum + read(table), 0);
        cost.orders = read('ledger_orders');
      },
    });
    return cost;
  }

  /** Of this connection, by table: the counts go on from transactions before, so only their growth says something. */
  async function rowsRead(tx: Transaction): Promise<Map<string, number>> {
    const rows = await tx.query<{ name: string; rows: number }>(sql`
      select relname as name, coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) as rows
      from pg_stat_xact_user_tables where schemaname = ${shop.database.schema}`);
    return new Map(rows.map(({ name, rows: read }) => [name, read]));
  }

  it('on a new day or the last one is the same after five orders and after five hundred: none of them is read', async () => {
    const statements: unknown[] = [];
    for (const orders of [5, 500]) {
      const customer = newId();
      const history = daily(customer, orders);
      await shop.purchases(history);
      const [first] = history;
      const purchaseDay = addDays(FIRST, orders);
      const next = () => aPurchase(customer, { ...first?.data, purchaseDay, orderId: newId() });
      const onNewDay = await costOf(next());
      const onSameDay = await costOf(next());
      statements.push([onNewDay.statements, onSameDay.statements]);
      for (const cost of [onNewDay, onSameDay]) {
        expect(cost.orders).toBe(0);
        // Of all tables: the customer's rows and what is in force for all; how often each is visited is the planner's.
        expect(cost.rows).toBeLessThan(50);
      }
    }

    expect(statements[1]).toEqual(statements[0]);
  });

  it('of many customers in one batch is the statements of one', async () => {
    const customers = Array.from({ length: 20 }, () => newId());
    await shop.purchases(customers.flatMap((customer) => daily(customer, 3)));
    const next = customers.map((customer) => aPurchase(customer, { purchaseDay: '2024-02-01' }));
    const [one, ...others] = next;

    const alone = await costOf(...(one ? [one] : []));
    const together = await costOf(...others);

    expect(together.statements).toBe(alone.statements);
    expect(together.orders).toBe(0);
  });

  it('of a late or corrected one is that of his ledger, once', async () => {
    const customer = newId();
    const history = daily(customer, 50);
    await shop.purchases(history);

    const late = await costOf(aPurchase(customer, { purchaseDay: addDays(FIRST, -1) }));
    const [first] = history;
    const corrected = first && (await costOf(revised(first, 'PurchaseCorrected')));
    const next = await costOf(aPurchase(customer, { purchaseDay: addDays(FIRST, 60) }));

    expect(late.orders).toBe(51);
    // And the row that is replaced.
    expect(corrected?.orders).toBe(52);
    expect(next.orders).toBe(0);
  });
});
