import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aliveBrokers } from './alive-brokers.js';
import { startKafka, type TestKafka } from './test-kafka.js';
import { eventually } from '../eventually.js';

const portOf = (address: string | undefined) => Number(address?.split(':').at(-1));

describe('startKafka', () => {
  let kafka: TestKafka;
  beforeAll(async () => {
    kafka = await startKafka({ brokers: 3 });
  }, 300_000);
  afterAll(() => kafka.stop());

  it('gives three brokers that see each other, also after one was killed and came back', async () => {
    const [first, , third] = kafka.brokers;
    expect(await aliveBrokers('127.0.0.1', portOf(first))).toEqual([1, 2, 3]);

    await kafka.kill9(1);
    await eventually(
      async () => expect(await aliveBrokers('127.0.0.1', portOf(third))).toEqual([1, 3]),
      { withinMs: 60_000 },
    );
    await kafka.restart(1);

    expect(await aliveBrokers('127.0.0.1', portOf(first))).toEqual([1, 2, 3]);
  }, 180_000);
});
