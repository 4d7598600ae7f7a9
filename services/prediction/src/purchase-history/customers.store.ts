import { sql, type Transaction } from '@regulars/persistence';

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
}

export const customersStore = (tx: Transaction) => ({
  /** Makes the rows that are missing and locks all of them, in id order. */
  async lockMany(customerIds: readonly string[]): Promise<Map<string, LockedCustomer>> {
    const ids = [...new Set(customerIds)].sort();
    await tx.query(sql`
      insert into customers (id)
      select id from unnest(${ids}::uuid[]) as wanted(id)
      where not exists (select 1 from customers where customers.id = wanted.id)
      order by id on conflict do nothing`);
    const rows = await tx.query<Position & { id: string; erased: boolean }>(sql`
      select id, purchase_epoch as epoch, purchase_sequence as sequence,
             erased_at is not null as erased
      from customers where id = any(${ids}::uuid[]) order by id for update`);
    return new Map(
      rows.map(({ id, epoch, sequence, erased }) => [
        id,
        { id, answered: { epoch, sequence }, erased },
      ]),
    );
  },

  async saveAnswered(answered: ReadonlyMap<string, Position>): Promise<void> {
    const rows = [...answered];
    await tx.query(sql`
      update customers set purchase_epoch = row.epoch, purchase_sequence = row.sequence
      from unnest(${rows.map(([id]) => id)}::uuid[],
                  ${rows.map(([, at]) => at.epoch)}::bigint[],
                  ${rows.map(([, at]) => at.sequence)}::bigint[]) as row (id, epoch, sequence)
      where customers.id = row.id`);
  },

  /** The ids stay, so that what still comes for them is ignored. */
  async markErased(customerIds: readonly string[], at: Date): Promise<void> {
    await tx.query(sql`
      update customers set erased_at = coalesce(erased_at, ${at})
      where id = any(${customerIds}::uuid[])`);
  },
});
