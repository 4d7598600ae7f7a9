import { array, sql, type Transaction } from '@regulars/persistence';
import type { Customer } from './customer.js';

/** Null columns to missing fields, and to empty lists. */
function present(row: Readonly<Record<string, unknown>>): Customer {
  const fields: Record<string, unknown> = {
    messengers: [],
    socialProfiles: [],
    importantDates: [],
    attributes: {},
  };
  for (const name in row) if (row[name] !== null) fields[name] = row[name];
  return fields as unknown as Customer;
}

/** Most customers have empty lists; to send and to parse four of them was a third of reading a customer. */
const columns = sql`
  id, kind, name, phone, email, nullif(messengers, '[]') as messengers,
  nullif(social_profiles, '[]') as "socialProfiles", preferred_channel as "preferredChannel", language,
  time_zone as "timeZone", nullif(important_dates, '[]') as "importantDates",
  nullif(attributes, '{}') as attributes, notes, acquisition_source as "acquisitionSource",
  referred_by as "referredBy", imported, registered_at as "registeredAt"`;

/** One row per customer of a JSON array, so that a wide table takes one parameter. */
const recordset = (customers: readonly Customer[]) => sql`
  jsonb_to_recordset(${JSON.stringify(customers)}::jsonb) as r (
    id uuid, kind text, name text, phone text, email text, messengers jsonb, "socialProfiles" jsonb,
    "preferredChannel" text, language text, "timeZone" text, "importantDates" jsonb, attributes jsonb,
    notes text, "acquisitionSource" text, "referredBy" uuid, imported boolean, "registeredAt" timestamptz)`;

/** Customers of this service's schema; erased ones are as good as unknown. */
export const customerStore = (tx: Pick<Transaction, 'query'>) => ({
  async existing(ids: readonly string[]): Promise<Set<string>> {
    if (ids.length === 0) return new Set();
    const rows = await tx.query<{ id: string }>(
      sql`select id from customers where id = any(${ids}::uuid[]) and erased_at is null`,
    );
    return new Set(rows.map(({ id }) => id));
  },

  /** Locks in id order: whoever locks several customers does so in this order, so nobody deadlocks. */
  async lockMany(ids: readonly string[]): Promise<Map<string, Customer>> {
    if (ids.length === 0) return new Map();
    const rows = await tx.query(sql`
      select ${columns} from customers where id = any(${array.plain(ids)}::uuid[]) and erased_at is null
      order by id for update`);
    return new Map(rows.map(present).map((customer) => [customer.id, customer]));
  },

  async insertMany(customers: readonly Customer[]): Promise<void> {
    if (customers.length === 0) return;
    await tx.query(sql`
      insert into customers (id, kind, name, phone, email, messengers, social_profiles, preferred_channel,
        language, time_zone, important_dates, attributes, notes, acquisition_source, referred_by, imported,
        registered_at)
      select id, kind, name, phone, email, messengers, "socialProfiles", "preferredChannel", language,
        "timeZone", "importantDates", attributes, notes, "acquisitionSource", "referredBy", imported,
        "registeredAt"
      from ${recordset(customers)}`);
  },

  async updateMany(customers: readonly Customer[]): Promise<void> {
    if (customers.length === 0) return;
    await tx.query(sql`
      update customers c set kind = r.kind, name = r.name, phone = r.phone, email = r.email,
        messengers = r.messengers, social_profiles = r."socialProfiles",
        preferred_channel = r."preferredChannel", language = r.language, time_zone = r."timeZone",
        important_dates = r."importantDates", attributes = r.attributes, notes = r.notes,
        acquisition_source = r."acquisitionSource", referred_by = r."referredBy"
      from ${recordset(customers)} where c.id = r.id`);
  },

  async find(id: string): Promise<Customer | undefined> {
    const rows = await tx.query(
      sql`select ${columns} from customers where id = ${id}::uuid and erased_at is null`,
    );
    return rows.map(present)[0];
  },

  /** In the order of ids, which is that of registration. */
  async page(after: string | undefined, limit: number): Promise<Customer[]> {
    const rows = await tx.query(sql`
      select ${columns} from customers
      where erased_at is null and id > ${after ?? '00000000-0000-0000-0000-000000000000'}::uuid
      order by id limit ${limit}`);
    return rows.map(present);
  },

  async count(): Promise<number> {
    const [row] = await tx.query<{ count: number }>(
      sql`select count(*) as count from customers where erased_at is null`,
    );
    return row?.count ?? 0;
  },

  /** Keeps the id, so that nothing can take its place, and forgets the person. */
  async blank(id: string, erasedAt: Date): Promise<void> {
    await tx.query(sql`
      update customers set name = null, phone = null, email = null, messengers = '[]',
        social_profiles = '[]', preferred_channel = null, language = null, time_zone = null,
        important_dates = '[]', attributes = '{}', notes = null, acquisition_source = null,
        referred_by = null, erased_at = ${erasedAt}
      where id = ${id}::uuid`);
  },
});
