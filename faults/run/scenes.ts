import { createKafkaLog, createPostgresLog } from '@regulars/messaging';
import { startEmptyKafka } from '../../e2e/house/empty-kafka.ts';
import { startDistributedHouse } from '../../e2e/house/distributed-house.ts';
import {
  embeddedUrl,
  startStandaloneHouse,
  type StandaloneHouse,
} from '../../e2e/house/standalone-house.ts';
import type { TestKafka } from '@regulars/testing';
import type { Ground, Scene } from './fault-run.ts';

/** One process on its own Postgres. */
export async function standalone({ env }: Ground): Promise<Scene<StandaloneHouse>> {
  const house = await startStandaloneHouse({ env });
  const log = createPostgresLog({ databaseUrl: await embeddedUrl(house.folder) });
  return { house, log, stop: () => log.close().then(() => house.stop()) };
}

export type DistributedScene = Scene & { readonly kafka: TestKafka };

/** Five processes over a Kafka and a database of their own. */
export async function distributed({ env }: Ground): Promise<DistributedScene> {
  const kafka = await startEmptyKafka();
  try {
    const house = await startDistributedHouse({ env, brokers: kafka.brokers });
    const log = createKafkaLog({ brokers: kafka.brokers, clientId: 'faults' });
    const stop = async (): Promise<void> => {
      await log.close();
      await house.stop();
      await kafka.stop();
    };
    return { house, log, kafka, stop };
  } catch (error) {
    await kafka.stop();
    throw error;
  }
}
