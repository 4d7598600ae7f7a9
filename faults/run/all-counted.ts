import { sql } from '@regulars/persistence';
import { sumOf } from '../../e2e/house/series.ts';
import type { Underway } from './fault-run.ts';

/**
 * Where every client asked until it was answered: acknowledged purchases = stored = counted in prediction, forecasts
 * included, in segmentation, campaigns and the reports; no dead letter and no brake. Orders and money of the reports are
 * among the checker's sums.
 */
export async function allCounted({ house, clients }: Underway): Promise<string[]> {
  const stored = await house.api.all<StoredPurchase>('/v1/purchases');
  const days = new Set(stored.map(({ customerId, purchaseDay }) => `${customerId} ${purchaseDay}`));
  const buyers = new Set(stored.map(({ customerId }) => customerId));
  const segments = await house.api.get<Counted>('/v1/segments');
  const reports = await house.api.get<Counted & { purchaseDays: number }>('/v1/reports/customers');
  const forecasts = await house.api.all<{ purchaseCount: number }>('/v1/forecasts');
  const [rows] = await house.rows(sql`
    select (select count(*) from prediction.ledger_orders) as predicted,
           (select count(*) from campaigns.purchases) as campaigned`);
  const series = await house.scrape();
  const acknowledged = clients.acknowledged.purchase;
  return [
    same('stored purchases', stored.length, acknowledged),
    same('purchases in prediction', Number(rows?.['predicted']), acknowledged),
    same('purchases in campaigns', Number(rows?.['campaigned']), acknowledged),
    same(
      'purchase days in forecasts',
      forecasts.reduce((sum, { purchaseCount }) => sum + purchaseCount, 0),
      days.size,
    ),
    same('buyers in segmentation', segments.customersWithPurchases, buyers.size),
    same('buyers in the reports', reports.customersWithPurchases, buyers.size),
    same('purchase days in the reports', reports.purchaseDays, days.size),
    same('dead letters', sumOf(series, 'regulars_dead_letters'), 0),
    same('brakes', sumOf(series, 'regulars_consumer_blocked'), 0),
  ].flat();
}

interface StoredPurchase {
  readonly customerId: string;
  readonly purchaseDay: string;
}

interface Counted {
  readonly customersWithPurchases: number;
}

function same(what: string, is: number, shouldBe: number): string[] {
  return is === shouldBe ? [] : [`${what}: ${String(is)} instead of ${String(shouldBe)}`];
}
