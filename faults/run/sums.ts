import { serviceNames, topics } from '@regulars/contracts';
import { raw } from '../../e2e/house/raw.ts';
import type { House } from '../../e2e/house/house.ts';
import type { Sum } from '../checker/history.ts';

/**
 * At a quiet moment, for each consumer and topic: every offset passed is counted under one outcome (compacted topics have
 * gaps, and its own topics campaigns reads back without counting). Beside it what ingestion stores against what the
 * reports count, to the cent, and the touches of campaigns by state against those of metrics.
 */
export async function sumsOf(house: House): Promise<Sum[]> {
  const sums: Sum[] = [];
  for (const service of serviceNames) {
    const counted = Object.values(topics)
      .filter(({ cleanup, producer }) => cleanup === 'keep' && producer !== service)
      .map(({ name }) => name);
    const rows = await house.rows(
      raw(`select topic, sum(next_offset)::text as passed, (
             select coalesce(sum(count), 0)::text from ${service}.consumer_counters c where c.topic = p.topic) as outcomes
           from ${service}.consumer_positions p group by topic order by topic`),
    );
    for (const { topic, passed, outcomes } of rows) {
      if (!counted.includes(String(topic))) continue;
      sums.push({
        name: `${service} on ${String(topic)}`,
        left: Number(passed),
        right: Number(outcomes),
      });
    }
  }
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
