import { afterAll, describe, jest } from '@jest/globals';
import type { TestKafka } from '@regulars/testing';
import { proveKills } from './house/kills.ts';
import { startEmptyKafka } from './house/empty-kafka.ts';
import { startDistributedHouse } from './house.ts';

jest.setTimeout(900_000);

describe('five services over Kafka, each killed twice', () => {
  let kafka: TestKafka | undefined;
  proveKills(async (env) => {
    kafka = await startEmptyKafka();
    return startDistributedHouse({ env, brokers: kafka.brokers });
  });
  afterAll(() => kafka?.stop());
});
