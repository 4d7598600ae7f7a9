import { newId } from '@regulars/kernel';
import { sql, type Transaction } from '@regulars/persistence';
import type { Consent, ConsentStatement } from './consent.js';

export type OwnedConsent = Consent & { readonly customerId: string };
export type Proof = ConsentStatement & { readonly customerId: string; readonly changedAt: Date };

/** Consents, under the lock of their customer. */
export const consentStore = (tx: Pick<Transaction, 'query'>) => ({
  async ofCustomers(customerIds: readonly string[]): Promise<Map<string, Consent[]>> {
    if (customerIds.length === 0) return new Map();
    const rows = await tx.query<OwnedConsent>(sql`
      select customer_id as "customerId", channel, purpose, state, changed_at as "changedAt" from consents
      where customer_id = any(${customerIds}::uuid[]) order by customer_id, channel, purpose`);
    const consents = new Map<string, Consent[]>();
    for (const { customerId, ...consent } of rows) {
      const own = consents.get(customerId);
      if (own) own.push(consent);
      else consents.set(customerId, [consent]);
    }
    return consents;
  },

  async saveMany(consents: readonly OwnedConsent[]): Promise<void> {
    if (consents.length === 0) return;
    await tx.query(sql`
      insert into consents (customer_id, channel, purpose, state, changed_at)
      select "customerId", channel, purpose, state, "changedAt"
      from jsonb_to_recordset(${JSON.stringify(consents)}::jsonb) as r (
        "customerId" uuid, channel text, purpose text, state text, "changedAt" timestamptz)
      on conflict (customer_id, channel, purpose)
      do update set state = excluded.state, changed_at = excluded.changed_at`);
  },

  /** A statement that came before, of the same moment, is not written twice. */
  async addProofs(
    proofs: readonly Proof[],
    { origin, recordedAt }: { readonly origin: 'api' | 'stop'; readonly recordedAt: Date },
  ): Promise<void> {
    if (proofs.length === 0) return;
    const rows = proofs.map((proof) => ({ id: newId(), ...proof }));
    await tx.query(sql`
      insert into consent_records (id, customer_id, channel, purpose, state, wording, evidence, origin, changed_at,
        recorded_at)
      select id, "customerId", channel, purpose, state, wording, evidence, ${origin}, "changedAt", ${recordedAt}
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (
        id uuid, "customerId" uuid, channel text, purpose text, state text, wording text, evidence text,
        "changedAt" timestamptz)
      on conflict (customer_id, channel, purpose, changed_at, state) do nothing`);
  },

  async remove(customerId: string): Promise<void> {
    await tx.query(sql`delete from consents where customer_id = ${customerId}::uuid`);
    await tx.query(sql`delete from consent_records where customer_id = ${customerId}::uuid`);
  },
});
