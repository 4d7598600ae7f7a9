import Type from 'typebox';
import { ingestion, PurchaseItem, readPurchase } from '@regulars/ingestion';
import { Database } from '@regulars/persistence';
import { tablesOf } from '@regulars/service';
import { tellAddress } from '../lib/own-process.ts';
import { startBareServer } from './bare-http.ts';
import { saveAll } from './save-all.ts';

/** The same tables through entities, as a process; the service itself has made them. */
const database = await Database.connect({
  url: process.env['DATABASE_URL'] ?? '',
  schema: ingestion.name,
  service: 'bench',
  readsByIndex: ingestion.readsByIndex ?? false,
  ...tablesOf(ingestion),
});
const batch = Type.Object({ items: Type.Array(PurchaseItem) });
const zoneOf = (): string => 'Europe/Berlin';
const server = await startBareServer(batch, (body) => {
  const rules = { now: new Date(), defaultCountry: 'DE', zoneOf };
  const read = (body as { items: unknown[] }).items.map((item) => readPurchase(item, rules));
  return saveAll(
    database,
    read.flatMap((purchase) => (purchase.ok ? [purchase.value] : [])),
  );
});
tellAddress(server.address);
