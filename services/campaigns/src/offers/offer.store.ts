import { newId } from '@regulars/kernel';
import { sql, type Transaction } from '@regulars/persistence';
import { expiryOf, offerSlot, type Offer, type OfferMaking } from './offer.js';

const columns = sql`id, code, title, terms, rule, every_days as "everyDays", valid_days as "validDays"`;

export const offerStore = (tx: Pick<Transaction, 'query'>) => ({
  async find(ids: readonly string[]): Promise<Map<string, Offer>> {
    if (ids.length === 0) return new Map();
    const rows = await tx.query<Offer>(
      sql`select ${columns} from offers where id = any(${ids}::uuid[])`,
    );
    return new Map(rows.map((row) => [row.id, row]));
  },

  async list(before: string | undefined, limit: number): Promise<Offer[]> {
    return tx.query<Offer>(sql`
      select ${columns} from offers
      where ${before ?? null}::uuid is null or id < ${before ?? null}::uuid order by id desc limit ${limit}`);
  },

  /** False when the code is taken. */
  async insert(offer: Offer, now: Date): Promise<boolean> {
    const rows = await tx.query<{ id: string }>(sql`
      insert into offers (id, code, title, terms, rule, every_days, valid_days, created_at)
      values (${offer.id}, ${offer.code}, ${offer.title}, ${offer.terms}, ${offer.rule}, ${offer.everyDays},
              ${offer.validDays}, ${now})
      on conflict on constraint offers_code do nothing returning id`);
    return rows.length === 1;
  },
});

/** Who was made which offer. The customer is locked, so two touches cannot make it at once. */
export const offerLedgerStore = (tx: Pick<Transaction, 'query'>) => ({
  /** `made`: ticked now. `again`: this touch made it before (a retry). `taken`: it may not be made now. */
  async make(offer: Offer, making: OfferMaking, now: Date): Promise<'made' | 'again' | 'taken'> {
    const [own] = await tx.query<{ id: string }>(sql`
      select id from offer_ledger where offer_id = ${offer.id} and touch_id = ${making.touchId}`);
    if (own) return 'again';
    const since =
      offer.rule === 'every-days'
        ? new Date(now.getTime() - (offer.everyDays ?? 0) * 86_400_000)
        : now;
    const rows = await tx.query<{ id: string }>(sql`
      insert into offer_ledger (id, offer_id, customer_id, slot, touch_id, campaign_id, cycle, made_at, expires_at)
      select ${newId()}::uuid, ${offer.id}::uuid, ${making.customerId}::uuid, ${offerSlot(offer, making)}::text,
             ${making.touchId}::uuid, ${making.campaignId}::uuid, ${making.cycle}::uuid, ${now}::timestamptz,
             ${expiryOf(offer, now) ?? null}::timestamptz
      where not exists (select 1 from offer_ledger
                        where offer_id = ${offer.id} and customer_id = ${making.customerId} and made_at > ${since})
      on conflict on constraint offer_ledger_once do nothing returning id`);
    return rows.length === 1 ? 'made' : 'taken';
  },
});
