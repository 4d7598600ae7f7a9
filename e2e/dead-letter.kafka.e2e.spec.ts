import { afterAll, describe, jest } from '@jest/globals';
import { createKafkaLog } from '@regulars/messaging';
import type { TestKafka } from '@regulars/testing';
import { proveDeadLetters } from './house/dead-letters.ts';
import { startEmptyKafka } from './house/empty-kafka.ts';
import { startDistributedHouse } from './house.ts';

jest.setTimeout(900_000);

describe('a poison event on Kafka', () => {
  let kafka: TestKafka | undefined;
  proveDeadLetters(async () => {
    kafka = await startEmptyKafka();
    const house = await startDistributedHouse({ brokers: kafka.brokers });
    return { house, log: createKafkaLog({ brokers: kafka.brokers, clientId: 'e2e' }) };
  });
  afterAll(() => kafka?.stop());
});
