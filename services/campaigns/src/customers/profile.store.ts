import type { CustomerProfile, DeepReadonly } from '@regulars/contracts';
import { sql, type Transaction } from '@regulars/persistence';

export interface ProfileRow {
  readonly customerId: string;
  /** undefined = tombstone: everything personal goes, the position stays. */
  readonly profile?: DeepReadonly<CustomerProfile>;
  readonly epoch: number;
  readonly sequence: number;
}

/** Personal data: only what a message or a call needs is kept. */
export const profileStore = (tx: Pick<Transaction, 'query'>) => ({
  async saveMany(rows: readonly ProfileRow[]): Promise<void> {
    if (rows.length === 0) return;
    const text = (pick: (profile: DeepReadonly<CustomerProfile>) => string | undefined) =>
      rows.map(({ profile }) => (profile ? (pick(profile) ?? null) : null));
    await tx.query(sql`
      insert into profiles as p (customer_id, name, phone, email, preferred_channel, language, time_zone, epoch, sequence)
      select * from unnest(${rows.map((r) => r.customerId)}::uuid[], ${text((p) => p.name)}::text[],
        ${text((p) => p.phone)}::text[], ${text((p) => p.email)}::text[],
        ${text((p) => p.preferredChannel)}::text[], ${text((p) => p.language)}::text[],
        ${text((p) => p.timeZone)}::text[],
        ${rows.map((r) => r.epoch)}::bigint[], ${rows.map((r) => r.sequence)}::bigint[])
      on conflict (customer_id) do update
      set name = excluded.name, phone = excluded.phone, email = excluded.email,
          preferred_channel = excluded.preferred_channel, language = excluded.language,
          time_zone = excluded.time_zone, epoch = excluded.epoch, sequence = excluded.sequence
      where (excluded.epoch, excluded.sequence) > (p.epoch, p.sequence)`);
  },
});
