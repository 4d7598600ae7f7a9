import type { ProductChanged } from '@regulars/contracts';
import { sql, type Transaction } from '@regulars/persistence';

export type Product = ProductChanged;

const columns = sql`
  id as "productId", titles, category, brand, goes_with as "goesWith", upgrade_of as "upgradeOf",
  consumed_in_days as "consumedInDays", stated_cycle_days as "statedCycleDays"`;

/** Null columns to missing fields. */
function present(row: object): Product {
  const fields = Object.entries(row).filter(([, value]) => value !== null);
  return Object.fromEntries(fields) as unknown as Product;
}

export const productStore = (tx: Pick<Transaction, 'query'>) => ({
  /** Category by product id; products without one are absent. */
  async categories(ids: readonly string[]): Promise<Map<string, string>> {
    if (ids.length === 0) return new Map();
    const rows = await tx.query<{ id: string; category: string }>(sql`
      select id, category from products where id = any(${ids}::text[]) and category is not null`);
    return new Map(rows.map(({ id, category }) => [id, category]));
  },

  /** Locks in id order, missing ones too: they get an empty row that only the writer sees. Known ones are returned. */
  async lockMany(ids: readonly string[]): Promise<Map<string, Product>> {
    await tx.query(sql`
      insert into products (id, titles, goes_with)
      select id, '{}', '[]' from unnest(${ids}::text[]) as wanted (id) order by id
      on conflict (id) do nothing`);
    const rows = await tx.query<{ known: boolean }>(sql`
      select ${columns}, case when changed_at is not null then true end as known
      from products where id = any(${ids}::text[]) order by id for update`);
    const known = rows
      .filter((row) => row.known)
      .map(({ known: _, ...product }) => present(product));
    return new Map(known.map((product) => [product.productId, product]));
  },

  async saveMany(products: readonly Product[], changedAt: Date): Promise<void> {
    if (products.length === 0) return;
    await tx.query(sql`
      update products p set titles = r.titles, category = r.category, brand = r.brand, goes_with = r."goesWith",
        upgrade_of = r."upgradeOf", consumed_in_days = r."consumedInDays",
        stated_cycle_days = r."statedCycleDays", changed_at = ${changedAt}
      from jsonb_to_recordset(${JSON.stringify(products)}::jsonb) as r (
        "productId" text, titles jsonb, category text, brand text, "goesWith" jsonb, "upgradeOf" text,
        "consumedInDays" integer, "statedCycleDays" integer)
      where p.id = r."productId"`);
  },

  async find(id: string): Promise<Product | undefined> {
    const rows = await tx.query(
      sql`select ${columns} from products where id = ${id} and changed_at is not null`,
    );
    return rows.map(present)[0];
  },
});
