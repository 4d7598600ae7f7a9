import { nullSink } from '../lib/null-sink.ts';
import { batchesOf } from '../lib/purchases.ts';
import { rate } from '../lib/rate.ts';
import { openHouse, purchaseNow, until } from '../lib/whole-house.ts';
import type { Mode } from '../lib/mode.ts';
import type { Target } from '../pairs.ts';
import { copyYardstick } from '../yardsticks/copy.ts';

/** So many that the first and the last ones, which go in small batches, do not weigh. */
const EVENTS = 4_000;
/** A sink that takes all at once: as a house sets it whose provider allows it. */
const CALLS_AT_ONCE = '100';
const BATCH = 100;
const LANES = 4;

/** P4: from the accepted purchase through all five services to a touch at a sink that does nothing. */
export async function wholePath(mode: Mode): Promise<Target> {
  const sink = await nullSink();
  const house = await openHouse(mode, {
    ...sink.env,
    REGULARS_CAMPAIGNS_DISPATCH_CONCURRENCY: CALLS_AT_ONCE,
  });
  const copy = await copyYardstick(house.databaseUrl);
  await house.thankBuyers('webhook', 11);
  return {
    id: 'P4',
    what: 'accepted purchase -> touch at a null sink (100 calls at once), all services ÷ COPY (C)',
    unit: 'events/s',
    floor: 0.01,
    stretch: 0.025,
    measurePair: async () => {
      const yardstick = await copy();
      const ids = await house.newCustomers(EVENTS);
      const before = sink.received();
      const startedAt = performance.now();
      await rate(batchesOf(ids, BATCH), LANES, async (some) => {
        await house.client.post('/v1/purchases/batch', {
          items: some.map((id) => purchaseNow(id)),
        });
      });
      await until(() => sink.received() - before >= EVENTS);
      const ours = EVENTS / ((performance.now() - startedAt) / 1_000);
      await house.quiet();
      if (sink.received() - before !== EVENTS) throw new Error('More touches than purchases.');
      return { ours, yardstick };
    },
    close: async () => {
      await house.close();
      sink.close();
    },
  };
}
