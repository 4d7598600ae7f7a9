import { sql, type Transaction } from '@regulars/persistence';
import type { TouchState } from './touch.js';

export interface TouchHistoryEntry {
  readonly touchId: string;
  readonly at: Date;
  readonly state: TouchState;
  readonly reason: string;
  readonly channel: string;
  readonly until: Date | null;
}

/** Why and why not: every change of every touch, in order. */
export const touchHistoryStore = (tx: Pick<Transaction, 'query'>) => ({
  async append(entries: readonly (TouchHistoryEntry & { customerId: string })[]): Promise<void> {
    if (entries.length === 0) return;
    await tx.query(sql`
      insert into touch_changes (touch_id, customer_id, at, state, reason, channel, until)
      select touch_id, customer_id, at, state, reason, channel, until
      from unnest(${entries.map((e) => e.touchId)}::uuid[], ${entries.map((e) => e.customerId)}::uuid[],
                  ${entries.map((e) => e.at)}::timestamptz[], ${entries.map((e) => e.state)}::text[],
                  ${entries.map((e) => e.reason)}::text[], ${entries.map((e) => e.channel)}::text[],
                  ${entries.map((e) => e.until)}::timestamptz[])
        with ordinality as c(touch_id, customer_id, at, state, reason, channel, until, n)
      order by n`);
  },

  async of(touchIds: readonly string[]): Promise<TouchHistoryEntry[]> {
    return tx.query<TouchHistoryEntry>(sql`
      select touch_id as "touchId", at, state, reason, channel, until from touch_changes
      where touch_id = any(${touchIds}::uuid[]) order by touch_id, id`);
  },
});
