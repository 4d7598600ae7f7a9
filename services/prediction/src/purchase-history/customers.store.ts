import { sql, type Transaction } from '@regulars/persistence';
import { FOLD, type CustomerState, type StoredState } from './customer-state.js';

/** A position in the purchase stream of a customer. */
export interface Position {
  readonly epoch: number;
  readonly sequence: number;
}

export interface LockedCustomer {
  readonly id: string;
  /** The last purchase event that his forecast has answered. */
  readonly answered: Position;
  readonly erased: boolean;
  /** Undefined where it has to be folded from the ledger. */
  readonly state: CustomerState | undefined;
}

export type CustomerRow = Pick<LockedCustomer, 'id' | 'answered' | 'state'>;

export const customersStore = (tx: Pick<Transaction, 'query'>) => ({
  /** Makes the rows that are missing and locks all of them, in id order. */
  async lockMany(customerIds: readonly string[]): Promise<Map<string, LockedCustomer>> {
    const ids = [...new Set(customerIds)].sort();
    await tx.query(sql`
      insert into customers (id)
      select id from unnest(${ids}::uuid[]) as wanted(id)
      where not exists (select 1 from customers where customers.id = wanted.id)
      order by id on conflict do nothing`);
    const rows = await tx.query<StoredRow & { erased: boolean }>(sql`
      select ${columns}, erased_at is not null as erased
      from customers where id = any(${ids}::uuid[]) order by id for update`);
    return new Map(rows.map((row) => [row.id, { ...toCustomer(row), erased: row.erased }]));
  },

  /** As they stand, without a lock; those never heard of are absent. */
  async ofCustomers(customerIds: readonly string[]): Promise<CustomerRow[]> {
    const rows = await tx.query<StoredRow>(sql`
      select ${columns} from customers where id = any(${customerIds}::uuid[])`);
    return rows.map(toCustomer);
  },

  /** The caller holds their locks. */
  async saveMany(rows: readonly CustomerRow[]): Promise<void> {
    if (rows.length === 0) return;
    await tx.query(sql`
      update customers
      set purchase_epoch = row.epoch, purchase_sequence = row.sequence, state = row.state
      from unnest(${rows.map(({ id }) => id)}::uuid[],
                  ${rows.map(({ answered }) => answered.epoch)}::bigint[],
                  ${rows.map(({ answered }) => answered.sequence)}::bigint[],
                  ${rows.map(toStored)}::jsonb[]) as row (id, epoch, sequence, state)
      where customers.id = row.id`);
  },

  /** The ids stay, so that what still comes for them is ignored. */
  async markErased(customerIds: readonly string[], at: Date): Promise<void> {
    await tx.query(sql`
      update customers set erased_at = coalesce(erased_at, ${at}), state = null
      where id = any(${customerIds}::uuid[])`);
  },
});

interface StoredRow extends Position {
  readonly id: string;
  readonly stored: StoredState | null;
}

const columns = sql`
  id, purchase_epoch as epoch, purchase_sequence as sequence, state as stored`;

function toCustomer({ id, epoch, sequence, stored }: StoredRow): CustomerRow {
  const holds =
    stored?.fold === FOLD &&
    stored.answered.epoch === epoch &&
    stored.answered.sequence === sequence;
  return { id, answered: { epoch, sequence }, state: holds ? stored.state : undefined };
}

function toStored({ answered, state }: CustomerRow): string | null {
  if (!state) return null;
  return JSON.stringify({ fold: FOLD, answered, state } satisfies StoredState);
}
