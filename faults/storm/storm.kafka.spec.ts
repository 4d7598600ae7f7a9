import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { createKafkaLog } from '@regulars/messaging';
import { startKafka, startPostgres, type TestKafka, type TestPostgres } from '@regulars/testing';
import { expectStormWeathered, stormSeconds } from './judge-storm.ts';

describe('relay storm over Kafka', () => {
  let postgres: TestPostgres;
  let kafka: TestKafka;
  beforeAll(async () => {
    // Of their own: sessions are cut, and topics have the names that they have in production.
    [postgres, kafka] = await Promise.all([startPostgres(), startKafka()]);
  }, 300_000);
  afterAll(() => Promise.all([postgres.stop(), kafka.stop()]));

  it(
    'loses nothing, keeps every customer in order and doubles no effect',
    async () => {
      const { brokers } = kafka;
      await expectStormWeathered('kafka', {
        databaseUrl: postgres.url,
        log: brokers,
        openLog: () => createKafkaLog({ brokers, clientId: 'storm-taker' }),
      });
    },
    240_000 + stormSeconds() * 2_000,
  );
});
