import { expect } from '@jest/globals';
import { eventually } from '@regulars/testing';
import { cdnowFacts, cdnowSample } from './cdnow.ts';
import type { House } from './house.ts';

/** The day after the last purchase of the CDNOW files, on which the clocks stand. */
export const cdnowDay = '1998-07-01';
/** Their first month. */
export const cdnowFrom = '1997-01-01';

/** Imports the sample and waits until the whole chain has drained; seconds from the first row on. */
export async function importCdnow(house: House): Promise<{ summary: string; seconds: number }> {
  const startedAt = performance.now();
  const summary = await house.cli('import', 'purchases', cdnowSample, '--format', 'cdnow');
  await house.drained();
  return { summary, seconds: (performance.now() - startedAt) / 1_000 };
}

/** Fits to all purchases until the day, and waits until every customer has the new forecast. */
export async function rescore(house: House): Promise<void> {
  const { url } = await house.api.post<{ url: string }>(`/v1/models/rescore?asOf=${cdnowDay}`);
  await eventually(async () => (await house.api.get<{ state: string }>(url)).state === 'done', {
    withinMs: 240_000,
  });
  await house.drained();
}

/** What ingestion and the reports say against what the file says. */
export async function expectCdnowCounted(house: House): Promise<void> {
  const facts = await cdnowFacts();
  const { page } = await house.api.get<{ page: { total: number } }>(
    '/v1/purchases?limit=1&count=exact',
  );
  expect(page.total).toBe(facts.rows);
  expect(await house.api.get('/v1/reports/customers')).toMatchObject({
    customersWithPurchases: facts.customers,
    orders: facts.rows,
    purchaseDays: facts.purchaseDays,
    revenue: [{ currency: 'USD', orders: facts.rows, revenueMinor: facts.totalMinor }],
  });
}
