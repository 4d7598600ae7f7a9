import { sql, type Sql, type Transaction } from '@regulars/persistence';

/** Deletes and blanks what is known about a customer; the row stays, so that nothing late brings anything back. */
export const erasureStore = (tx: Pick<Transaction, 'query'>) => ({
  /** Rows per table. */
  async erase(customerId: string, now: Date): Promise<Record<string, number>> {
    const counted: Record<string, number> = {};
    for (const [table, statement] of deletions(customerId)) {
      const rows = await tx.query<{ one: number }>(statement);
      counted[table] = rows.length;
    }
    await tx.query(sql`
      update customers set erased_at = ${now}, kind = null, consents = '[]', segment = null, lost_kind = null
      where id = ${customerId}`);
    return counted;
  },
});

/** Touches, enrolments and offers made stay: they hold ids and codes only, and the sums of the company. */
function deletions(customerId: string): [string, Sql][] {
  return [
    ['profiles', sql`delete from profiles where customer_id = ${customerId} returning 1 as one`],
    ['forecasts', sql`delete from forecasts where customer_id = ${customerId} returning 1 as one`],
    ['purchases', sql`delete from purchases where customer_id = ${customerId} returning 1 as one`],
    [
      'touch_messages',
      sql`delete from touch_messages where customer_id = ${customerId} returning 1 as one`,
    ],
    ['tasks', sql`delete from tasks where customer_id = ${customerId} returning 1 as one`],
    ['answers', sql`delete from answers where customer_id = ${customerId} returning 1 as one`],
    [
      'agreements',
      sql`delete from agreements where customer_id = ${customerId} returning 1 as one`,
    ],
    [
      'touches',
      sql`update touches set provider_reference = null where customer_id = ${customerId} returning 1 as one`,
    ],
  ];
}
