import { sumsOf as reconciledSums } from '../../e2e/house/reconcile.ts';
import { raw } from '../../e2e/house/raw.ts';
import type { House } from '../../e2e/house/house.ts';
import type { Sum } from '../checker/history.ts';

/**
 * What `regulars reconcile` adds up, per service; beside it what ingestion stores against what the reports count, to the
 * cent, and the touches of campaigns by state against those of metrics.
 */
export async function sumsOf(house: House): Promise<Sum[]> {
  const { sums: reconciled } = await reconciledSums(house);
  const sums = reconciled.map(({ service, sum, of, whole, gap }): Sum => {
    const name = `${service} ${sum} ${of}`;
    return { name, left: whole, right: whole - gap };
  });
  const [stored] = await house.rows(
    raw(`select count(*) as orders, sum(total_minor)::text as revenue from ingestion.purchases`),
  );
  const { orders, revenue } = await house.api.get<{
    orders: number;
    revenue: readonly { revenueMinor: number }[];
  }>('/v1/reports/customers');
  sums.push(
    { name: 'orders in the reports', left: Number(stored?.['orders']), right: orders },
    {
      name: 'revenue in the reports',
      left: Number(stored?.['revenue']),
      right: revenue.reduce((sum, { revenueMinor }) => sum + revenueMinor, 0),
    },
  );
  const touches = await house.rows(
    raw(`select state, (select count(*) from metrics.touches m where m.outcome = t.state) as told, count(*) as stand
         from campaigns.touches t group by state order by state`),
  );
  for (const { state, stand, told } of touches)
    sums.push({ name: `touches ${String(state)}`, left: Number(stand), right: Number(told) });
  return sums;
}
