import { sql, type Transaction } from '@regulars/persistence';

/** The zone that a customer's days and hours are counted in. */
export const customerZoneStore = (tx: Pick<Transaction, 'query'>, companyZone: string) => ({
  async of(customerId: string): Promise<string> {
    const [row] = await tx.query<{ timeZone: string | null }>(sql`
      select time_zone as "timeZone" from profiles where customer_id = ${customerId}`);
    return row?.timeZone ?? companyZone;
  },
});
