import { afterAll, describe, jest } from '@jest/globals';
import type { TestKafka } from '@regulars/testing';
import { proveKills } from './house/kills.js';
import { startEmptyKafka } from './house/empty-kafka.js';
import { startDistributedHouse } from './house.js';

jest.setTimeout(900_000);

describe('five services over Kafka, each killed twice', () => {
  let kafka: TestKafka | undefined;
  proveKills(async (env) => {
    kafka = await startEmptyKafka();
    return startDistributedHouse({ env, brokers: kafka.brokers });
  });
  afterAll(() => kafka?.stop());
});
