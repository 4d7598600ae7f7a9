import { sql, type Transaction } from '@regulars/persistence';
import type { Agreement, AgreementState } from './agreement.js';

const columns = sql`id, customer_id as "customerId", touch_id as "touchId", day, hour, who_acts as "whoActs",
  state, made_at as "madeAt", due_at as "dueAt"`;

export const agreementStore = (tx: Pick<Transaction, 'query'>) => ({
  async insert(agreement: Agreement): Promise<void> {
    await tx.query(sql`
      insert into agreements (id, customer_id, touch_id, day, hour, who_acts, state, made_at, due_at)
      values (${agreement.id}, ${agreement.customerId}, ${agreement.touchId}, ${agreement.day},
              ${agreement.hour}, ${agreement.whoActs}, 'open', ${agreement.madeAt}, ${agreement.dueAt})`);
  },

  /** At most one per customer. */
  async openOf(customerIds: readonly string[]): Promise<Agreement[]> {
    return tx.query<Agreement>(sql`
      select ${columns} from agreements where customer_id = any(${customerIds}::uuid[]) and state = 'open'`);
  },

  async find(ids: readonly string[]): Promise<Agreement[]> {
    return tx.query<Agreement>(
      sql`select ${columns} from agreements where id = any(${ids}::uuid[])`,
    );
  },

  async settle(ids: readonly string[], state: AgreementState, now: Date): Promise<void> {
    if (ids.length === 0) return;
    await tx.query(sql`
      update agreements set state = ${state}, settled_at = ${now}
      where id = any(${ids}::uuid[]) and state = 'open'`);
  },
});
