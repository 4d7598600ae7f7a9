import Type from 'typebox';
import { PurchaseItem } from '@regulars/ingestion';
import { newId } from '@regulars/kernel';
import type { Database } from '@regulars/persistence';
import { httpClient } from '../lib/http-client.ts';
import { openIngestion } from '../lib/ingestion-house.ts';
import { batchesOf, purchases } from '../lib/purchases.ts';
import { rate } from '../lib/rate.ts';
import type { Target } from '../pairs.ts';
import { startBareServer } from '../yardsticks/bare-http.ts';

const EVENTS = 4_000;
const BATCH = 100;
const LANES = 4;

/** P7: the hot path against what TypeORM's `save()` makes of the same request: fewer tables, no duplicates looked for. */
export async function save(): Promise<Target> {
  const house = await openIngestion();
  const items = Type.Object({ items: Type.Array(PurchaseItem) });
  const saving = await startBareServer(items, (body) =>
    saveAll(house.database, (body as { items: SentPurchase[] }).items),
  );
  const client = httpClient(saving.address, '');
  return {
    id: 'P7',
    what: 'POST /v1/purchases/batch of 100 ÷ the same request through TypeORM save()',
    unit: 'purchases/s',
    floor: 3,
    stretch: 8,
    measurePair: async () => {
      const rateOf = async (post: (some: object[]) => Promise<unknown>): Promise<number> => {
        const batches = batchesOf(purchases(EVENTS), BATCH);
        return (
          BATCH *
          (await rate(batches, LANES, async (some) => {
            await post(some);
          }))
        );
      };
      const yardstick = await rateOf((some) => client.post('/bare', { items: some }));
      const ours = await rateOf((some) => house.create(some));
      return { ours, yardstick };
    },
    close: async () => {
      client.close();
      await saving.close();
      await house.close();
    },
  };
}

interface SentPurchase {
  readonly source: string;
  readonly orderId: string;
  readonly total: { readonly amountMinor: number; readonly currency: string };
  readonly lines: readonly object[];
}

async function saveAll(database: Database, items: readonly SentPurchase[]): Promise<object> {
  const now = new Date();
  const rows = items.map((item) => ({
    id: newId(),
    customerId: newId(),
    source: item.source,
    orderId: item.orderId,
    revision: 1,
    purchaseDay: '2026-01-15',
    purchasedAt: now,
    timeZone: 'Europe/Berlin',
    currency: item.total.currency,
    totalMinor: String(item.total.amountMinor),
    refundedMinor: '0',
    lines: item.lines,
    imported: false,
    identityConflicts: [],
    firstContent: Buffer.alloc(32, 1),
    recordedAt: now,
  }));
  const events = rows.map((row) => ({
    id: newId(),
    epoch: '1',
    topic: 'regulars.purchase.v1',
    key: Buffer.from(row.customerId),
    type: 'PurchaseRecorded',
    version: 1,
    value: Buffer.from(JSON.stringify(row)),
  }));
  await database.dataSource.transaction(async (manager) => {
    await manager.getRepository('PurchaseEntity').save(rows);
    await manager.getRepository('OutboxEntity').save(events);
  });
  return {};
}
