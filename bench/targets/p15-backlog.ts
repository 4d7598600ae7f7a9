import { campaigns } from '@regulars/campaigns';
import { metrics } from '@regulars/metrics';
import { prediction } from '@regulars/prediction';
import { segmentation } from '@regulars/segmentation';
import { metricsText } from '@regulars/observability';
import type { RunningService } from '@regulars/service';
import { parseSeries, sumOf } from '../../e2e/house/series.ts';
import { calm } from '../lib/calm.ts';
import { openIngestion } from '../lib/ingestion-house.ts';
import { batchesOf, purchases } from '../lib/purchases.ts';
import { rate } from '../lib/rate.ts';
import type { Mode } from '../lib/mode.ts';
import type { Target } from '../pairs.ts';

const EVENTS = 3_000;
const CUSTOMERS = 500;
const BATCH = 100;
const LANES = 4;
const downstream = [prediction, segmentation, campaigns, metrics];

/** P15: eating what piled up while all but ingestion was away, against keeping up with the same purchases. */
export async function backlog(mode: Mode): Promise<Target> {
  const house = await openIngestion(mode);
  const others: RunningService[] = [];
  const startOthers = async (): Promise<void> => {
    others.push(...(await Promise.all(downstream.map((service) => house.start(service)))));
  };
  const stopOthers = async (): Promise<void> => {
    await Promise.all(others.splice(0).map((service) => service.stop()));
  };
  const post = async (): Promise<void> => {
    await rate(batchesOf(purchases(EVENTS, CUSTOMERS), BATCH), LANES, (some) => house.create(some));
  };
  const perSecondSince = async (startedAt: number): Promise<number> => {
    const endedAt = await calm([house.service, ...others]);
    for (const service of others.filter((other) => other.consumes().includes('purchase')))
      if ((await purchasesPassed(service)) !== EVENTS)
        throw new Error(`${service.name} has not passed each purchase once.`);
    return EVENTS / ((endedAt - startedAt) / 1_000);
  };
  return {
    id: 'P15',
    what: 'drain rate of a backlog of all services downstream ÷ their steady maximum',
    unit: 'purchases/s',
    floor: 0.8,
    stretch: 1,
    measurePair: async () => {
      await startOthers();
      const startedAt = performance.now();
      await post();
      const yardstick = await perSecondSince(startedAt);

      await stopOthers();
      await post();
      await calm([house.service]);
      const backAt = performance.now();
      await startOthers();
      const ours = await perSecondSince(backAt);
      await stopOthers();
      return { ours, yardstick };
    },
    close: async () => {
      await stopOthers();
      await house.close();
    },
  };
}

async function purchasesPassed({ metrics }: RunningService): Promise<number> {
  const passed = parseSeries(await metricsText([metrics])).filter(
    ({ labels }) => labels['topic'] === 'regulars.purchase.v1',
  );
  return sumOf(passed, 'regulars_consumer_records_total');
}
