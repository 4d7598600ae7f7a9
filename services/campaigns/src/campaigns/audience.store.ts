import { sql, type Transaction } from '@regulars/persistence';
import type { Audience } from './campaign.js';

export const audienceStore = (tx: Pick<Transaction, 'query'>) => ({
  /** Customers of the segments, in id order, after `after`. */
  async idsAfter(audience: Audience, after: string, limit: number): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(sql`
      select id from customers
      where segment = any(${audience.segments}::text[]) and erased_at is null and merged_into is null
        and (${after} = '' or id > nullif(${after}, '')::uuid)
      order by id limit ${limit}`);
    return rows.map(({ id }) => id);
  },
});
