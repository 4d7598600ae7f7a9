import { sql } from '@regulars/persistence';
import { raw } from '../../e2e/house/raw.ts';
import type { House } from '../../e2e/house/house.ts';

/** What a trigger saw, in the order in which the locks of a customer were held. */
export interface Seen {
  /** Of the transaction: effects of one batch stand together. */
  readonly batch: string;
  /** The service in whose tables it happened. */
  readonly consumer: string;
  readonly what: 'order' | 'reserved' | 'opted-out';
  /** Our id of the customer. */
  readonly customer: string;
  /** The id of the order, of the touch, or of the customer. */
  readonly key: string;
  readonly revision: number;
  /** Of a touch; an opt-out is one of e-mail. */
  readonly channel: string;
}

/**
 * Triggers in the services' own transactions write down each effect: what commits is on record, what is rolled back is
 * not, and numbers drawn under a customer's lock are in the order of that lock. State alone would not show an effect
 * that came in the wrong order, or a touch that was reserved after an opt-out.
 */
export async function placeWitness(house: House): Promise<void> {
  for (const statement of [table, see, ...watched.map(watch)]) await house.rows(raw(statement));
}

export async function whatWasSeen(house: House): Promise<Seen[]> {
  const rows = await house.rows(sql`
    select batch::text as batch, consumer, what, customer, key, revision, channel from public.fault_seen order by id`);
  return rows as unknown as Seen[];
}

const watched = [
  ['ingestion.purchases', 'order'],
  ['prediction.ledger_orders', 'order'],
  ['campaigns.purchases', 'order'],
  ['campaigns.customers', 'opted-out'],
  ['campaigns.touches', 'reserved'],
] as const;

const table = `
  create table public.fault_seen (
    id bigint generated always as identity (cache 1) primary key,
    batch xid8 not null default pg_current_xact_id(),
    consumer text not null, what text not null, customer text not null, key text not null, revision integer not null,
    channel text not null)`;

const see = `
  create function public.fault_see() returns trigger language plpgsql security definer as $$
  declare
    now_is jsonb = to_jsonb(new);
    it_was jsonb = case when tg_op = 'UPDATE' then to_jsonb(old) else '{}' end;
    withdrawn constant jsonb = '[{"channel": "email", "state": "withdrawn"}]';
    what constant text = tg_argv[0];
  begin
    if what = 'order' and (it_was -> 'revision', it_was -> 'epoch') is not distinct from (now_is -> 'revision', now_is -> 'epoch')
      or what = 'opted-out' and (not now_is -> 'consents' @> withdrawn or it_was -> 'consents' @> withdrawn)
      or what = 'reserved' and (now_is ->> 'state' <> 'sending' or it_was ->> 'state' = 'sending')
    then return null; end if;
    insert into public.fault_seen (consumer, what, customer, key, revision, channel) values (
      tg_table_schema, what, coalesce(now_is ->> 'customer_id', now_is ->> 'id'), coalesce(now_is ->> 'order_id', now_is ->> 'id'),
      coalesce((now_is ->> 'revision')::integer, 0), coalesce(now_is ->> 'channel', 'email'));
    return null;
  end $$`;

function watch([on, what]: (typeof watched)[number]): string {
  return `create trigger fault_see after insert or update on ${on} for each row execute function public.fault_see('${what}')`;
}
