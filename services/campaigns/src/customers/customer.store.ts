import type { ConsentState, CustomerKind } from '@regulars/contracts';
import { sql, type Transaction } from '@regulars/persistence';

/** The customer's row: what everything about a customer is locked by. */
export interface CustomerRow {
  readonly id: string;
  readonly purchaseEpoch: number;
  readonly purchaseSequence: number;
  readonly consentEpoch: number;
  readonly consentSequence: number;
  readonly segmentEpoch: number;
  readonly segmentSequence: number;
  readonly erased: boolean;
  readonly mergedInto: string | null;
}

export interface ConsentRow {
  readonly customerId: string;
  readonly consents: readonly ConsentState[];
  readonly epoch: number;
  readonly sequence: number;
}

export interface SegmentRow {
  readonly customerId: string;
  readonly segment: string;
  readonly lostKind: string | null;
  readonly epoch: number;
  readonly sequence: number;
}

export interface MergeRow {
  readonly customerId: string;
  /** null: the merge was taken back. */
  readonly into: string | null;
  readonly epoch: number;
  readonly sequence: number;
}

export const customerStore = (tx: Pick<Transaction, 'query'>) => ({
  /** Makes missing rows and locks all of them in the order of their ids: the second step of every transaction. */
  async lockMany(ids: readonly string[]): Promise<Map<string, CustomerRow>> {
    const wanted = [...new Set(ids)].sort();
    if (wanted.length === 0) return new Map();
    await tx.query(sql`
      insert into customers (id, consents, consent_epoch, consent_sequence, segment_epoch, segment_sequence,
                             purchase_epoch, purchase_sequence)
      select id, '[]', -1, -1, -1, -1, -1, -1 from unnest(${wanted}::uuid[]) as wanted(id)
      where not exists (select 1 from customers c where c.id = wanted.id)
      order by id on conflict do nothing`);
    return this.lockKnown(wanted);
  },

  /** The same for ids that came from outside: an unknown one is left out, and no row is made for it. */
  async lockKnown(ids: readonly string[]): Promise<Map<string, CustomerRow>> {
    const rows = await tx.query<CustomerRow>(sql`
      select id, purchase_epoch as "purchaseEpoch", purchase_sequence as "purchaseSequence",
             consent_epoch as "consentEpoch", consent_sequence as "consentSequence",
             segment_epoch as "segmentEpoch", segment_sequence as "segmentSequence",
             erased_at is not null as erased, merged_into as "mergedInto"
      from customers where id = any(${ids}::uuid[]) order by id for update`);
    return new Map(rows.map((row) => [row.id, row]));
  },

  async saveKinds(rows: readonly { id: string; kind: CustomerKind }[]): Promise<void> {
    if (rows.length === 0) return;
    await tx.query(sql`
      update customers c set kind = r.kind
      from unnest(${rows.map((r) => r.id)}::uuid[], ${rows.map((r) => r.kind)}::text[]) as r(id, kind)
      where c.id = r.id`);
  },

  /** The whole consent state, newer over older only: a redriven old event cannot bring a permission back. */
  async saveConsents(rows: readonly ConsentRow[]): Promise<void> {
    if (rows.length === 0) return;
    await tx.query(sql`
      update customers c
      set consents = r.consents, consent_epoch = r.epoch, consent_sequence = r.sequence
      from unnest(${rows.map((r) => r.customerId)}::uuid[],
                  ${rows.map((r) => JSON.stringify(r.consents))}::jsonb[],
                  ${rows.map((r) => r.epoch)}::bigint[], ${rows.map((r) => r.sequence)}::bigint[])
        as r(id, consents, epoch, sequence)
      where c.id = r.id and (r.epoch, r.sequence) > (c.consent_epoch, c.consent_sequence)`);
  },

  async saveSegments(rows: readonly SegmentRow[]): Promise<void> {
    if (rows.length === 0) return;
    await tx.query(sql`
      update customers c
      set segment = r.segment, lost_kind = r.lost_kind, segment_epoch = r.epoch, segment_sequence = r.sequence
      from unnest(${rows.map((r) => r.customerId)}::uuid[], ${rows.map((r) => r.segment)}::text[],
                  ${rows.map((r) => r.lostKind)}::text[],
                  ${rows.map((r) => r.epoch)}::bigint[], ${rows.map((r) => r.sequence)}::bigint[])
        as r(id, segment, lost_kind, epoch, sequence)
      where c.id = r.id and (r.epoch, r.sequence) > (c.segment_epoch, c.segment_sequence)`);
  },

  /** How far this customer's purchases are applied here: what a forecast's `basedOn` is compared with. */
  async raisePurchasePositions(
    rows: readonly { customerId: string; epoch: number; sequence: number }[],
  ): Promise<void> {
    if (rows.length === 0) return;
    await tx.query(sql`
      update customers c set purchase_epoch = r.epoch, purchase_sequence = r.sequence
      from unnest(${rows.map((r) => r.customerId)}::uuid[], ${rows.map((r) => r.epoch)}::bigint[],
                  ${rows.map((r) => r.sequence)}::bigint[]) as r(id, epoch, sequence)
      where c.id = r.id and (r.epoch, r.sequence) > (c.purchase_epoch, c.purchase_sequence)`);
  },

  /** Newer over older only; answers whom it concerns: a redriven merge that was taken back since is none. */
  async saveMerges(rows: readonly MergeRow[]): Promise<Set<string>> {
    if (rows.length === 0) return new Set();
    const saved = await tx.query<{ id: string }>(sql`
      update customers c set merged_into = r.into_id, merge_epoch = r.epoch, merge_sequence = r.sequence
      from unnest(${rows.map((r) => r.customerId)}::uuid[], ${rows.map((r) => r.into)}::uuid[],
                  ${rows.map((r) => r.epoch)}::bigint[], ${rows.map((r) => r.sequence)}::bigint[])
        as r(id, into_id, epoch, sequence)
      where c.id = r.id and (r.epoch, r.sequence) > (c.merge_epoch, c.merge_sequence)
      returning c.id`);
    return new Set(saved.map(({ id }) => id));
  },
});
