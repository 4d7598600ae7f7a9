import { sql, type Transaction } from '@regulars/persistence';
import type { LedgerItem } from '../purchase-history/ledger-order.js';
import type { ProductCycle, StatedCycles } from './stated-cycles.js';

export interface StatedCycleRow {
  readonly scope: 'all' | 'category' | 'product';
  /** Empty for all. */
  readonly code: string;
  readonly days: number;
}

export interface ProductCycleRow extends ProductCycle {
  readonly productId: string;
  readonly epoch: number;
  readonly sequence: number;
}

export const statedCyclesStore = (tx: Pick<Transaction, 'query'>) => ({
  /** What is stated for any of the items. */
  async statedFor(items: Iterable<LedgerItem>): Promise<StatedCycles> {
    const products = new Set<string>();
    const categories = new Set<string>();
    for (const { product, category } of items) {
      products.add(product);
      if (category !== null) categories.add(category);
    }
    const stated = await tx.query<StatedCycleRow>(sql`
      select scope, code, days from stated_cycles
      where scope = 'all' or (scope = 'category' and code = any(${[...categories]}::text[]))
         or (scope = 'product' and code = any(${[...products]}::text[]))`);
    const catalogue = await tx.query<ProductCycleRow>(sql`
      select product_id as "productId", stated_cycle_days as "statedCycleDays",
             consumed_in_days as "consumedInDays"
      from products
      where product_id = any(${[...products]}::text[])
        and (stated_cycle_days is not null or consumed_in_days is not null)`);
    const of = (scope: StatedCycleRow['scope']): Map<string, number> =>
      new Map(stated.filter((row) => row.scope === scope).map(({ code, days }) => [code, days]));
    return {
      all: of('all').get(''),
      categories: of('category'),
      products: of('product'),
      catalogue: new Map(catalogue.map((row) => [row.productId, row])),
    };
  },

  async all(): Promise<StatedCycleRow[]> {
    return tx.query<StatedCycleRow>(sql`
      select scope, code, days from stated_cycles order by scope, code collate "C"`);
  },

  /** Replaces everything that was stated through the API. */
  async replaceAll(rows: readonly StatedCycleRow[]): Promise<void> {
    // Two replacements at once would leave a mixture of both.
    await tx.query(sql`select pg_advisory_xact_lock(hashtext('prediction-stated-cycles'))`);
    await tx.query(sql`delete from stated_cycles`);
    await tx.query(sql`
      insert into stated_cycles (scope, code, days)
      select * from unnest(${rows.map((r) => r.scope)}::text[], ${rows.map((r) => r.code)}::text[],
                           ${rows.map((r) => r.days)}::integer[])`);
  },

  /** Keeps the newest of each product; answers whether any cycle became another one. */
  async saveProducts(rows: readonly ProductCycleRow[]): Promise<boolean> {
    const changed = await tx.query<{ changed: boolean }>(sql`
      with incoming as (
        select * from unnest(
          ${rows.map((r) => r.productId)}::text[], ${rows.map((r) => r.statedCycleDays)}::integer[],
          ${rows.map((r) => r.consumedInDays)}::integer[], ${rows.map((r) => r.epoch)}::bigint[],
          ${rows.map((r) => r.sequence)}::bigint[])
          as row (product_id, stated_cycle_days, consumed_in_days, epoch, sequence)
      ), before as (
        select incoming.product_id, products.stated_cycle_days, products.consumed_in_days
        from incoming left join products using (product_id)
      ), saved as (
        insert into products (product_id, stated_cycle_days, consumed_in_days, epoch, sequence)
        select * from incoming order by product_id
        on conflict (product_id) do update
        set stated_cycle_days = excluded.stated_cycle_days,
            consumed_in_days = excluded.consumed_in_days,
            epoch = excluded.epoch, sequence = excluded.sequence
        where (products.epoch, products.sequence) < (excluded.epoch, excluded.sequence)
        returning product_id, stated_cycle_days, consumed_in_days
      )
      select (saved.stated_cycle_days, saved.consumed_in_days)
             is distinct from (before.stated_cycle_days, before.consumed_in_days) as changed
      from saved join before using (product_id)`);
    return changed.some((row) => row.changed);
  },
});
