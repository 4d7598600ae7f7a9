import type { Channel, ConsentState } from '@regulars/contracts';
import type { Day } from '@regulars/kernel';
import { sql, type Transaction } from '@regulars/persistence';
import type { KnownCustomer } from './known-customer.js';

interface Row {
  id: string;
  erased: boolean;
  consents: ConsentState[];
  stopStanding: boolean;
  lastStopAt: Date | null;
  agreedUntil: Date | null;
  touched: { touchId: string; at: string }[] | null;
  consentUnknown: boolean;
  name: string | null;
  email: string | null;
  phone: string | null;
  timeZone: string | null;
  preferredChannel: Channel | null;
  dueDay: Day | null;
  cycleDays: number | null;
  lastPurchaseDay: Day | null;
}

/** Read in the transaction that reserves, under the customers' locks. */
export const customerFactsStore = (
  tx: Pick<Transaction, 'query'>,
  options: { readonly companyZone: string; readonly consumer: string },
) => ({
  async load(ids: readonly string[], touchesSince: Date): Promise<Map<string, KnownCustomer>> {
    const rows = await tx.query<Row>(sql`
      select c.id, c.erased_at is not null as erased, c.consents,
        coalesce(s.standing, false) as "stopStanding", s.last as "lastStopAt", a.due_at as "agreedUntil",
        (select jsonb_agg(jsonb_build_object('touchId', t.id, 'at', t.sent_at)) from touches t
         where t.customer_id = c.id and t.sent_at > ${touchesSince}) as touched,
        exists (select 1 from dead_letters d
                where d.consumer = ${options.consumer} and d.topic = 'regulars.customer.v1'
                  and d.key = convert_to(c.id::text, 'UTF8') and d.state in ('dead', 'parked')) as "consentUnknown",
        p.name, p.email, p.phone, p.time_zone as "timeZone", p.preferred_channel as "preferredChannel",
        f.due_day as "dueDay", f.cycle_days as "cycleDays", f.last_purchase_day as "lastPurchaseDay"
      from customers c
      left join profiles p on p.customer_id = c.id
      left join forecasts f on f.customer_id = c.id and f.standing
      left join agreements a on a.customer_id = c.id and a.state = 'open'
      left join lateral (
        select bool_or(settled_at is null) as standing, max(from_at) as last
        from suppressions where customer_id = c.id) s on true
      where c.id = any(${ids}::uuid[])`);
    return new Map(rows.map((row) => [row.id, toKnown(row, options.companyZone)]));
  },
});

function toKnown(row: Row, companyZone: string): KnownCustomer {
  // A task needs no address: a person finds the way. A webhook goes to the company's own system.
  const reachable = new Set<Channel>(['task', 'webhook']);
  if (row.email !== null) reachable.add('email');
  if (row.phone !== null) reachable.add('sms');
  return {
    id: row.id,
    erased: row.erased,
    timeZone: row.timeZone ?? companyZone,
    consents: row.consents,
    stopStanding: row.stopStanding,
    touched: (row.touched ?? []).map(({ touchId, at }) => ({ touchId, at: new Date(at) })),
    reachable,
    consentUnknown: row.consentUnknown,
    ...(row.lastStopAt === null ? {} : { lastStopAt: row.lastStopAt }),
    ...(row.agreedUntil === null ? {} : { agreedUntil: row.agreedUntil }),
    ...(row.name === null ? {} : { name: row.name }),
    ...(row.email === null ? {} : { email: row.email }),
    ...(row.preferredChannel === null ? {} : { preferredChannel: row.preferredChannel }),
    ...(row.dueDay === null ? {} : { dueDay: row.dueDay }),
    ...(row.cycleDays === null ? {} : { cycleDays: row.cycleDays }),
    ...(row.lastPurchaseDay === null ? {} : { lastPurchaseDay: row.lastPurchaseDay }),
  };
}
