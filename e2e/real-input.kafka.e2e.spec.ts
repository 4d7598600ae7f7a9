import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { TestKafka } from '@regulars/testing';
import { hasCdnow, whereCdnowIs } from './house/cdnow.ts';
import {
  cdnowDay,
  cdnowFrom,
  expectCdnowCounted,
  importCdnow,
  rescore,
} from './house/cdnow-day.ts';
import { takePicture, type Picture } from './house/picture.ts';
import { startEmptyKafka } from './house/empty-kafka.ts';
import { startDistributedHouse, startStandaloneHouse, type House } from './house.ts';

jest.setTimeout(1_800_000);
if (!hasCdnow) process.stderr.write(whereCdnowIs);

(hasCdnow ? describe : describe.skip)('the CDNOW sample in one process and through Kafka', () => {
  let kafka: TestKafka;
  const houses: House[] = [];
  const pictures = {} as Record<House['mode'], Picture>;

  // One after the other, so that the drain times are those of a house that has the machine.
  const picture = async (house: House): Promise<void> => {
    houses.push(house);
    const { seconds } = await importCdnow(house);
    process.stdout.write(
      `CDNOW sample, ${house.mode}: imported and drained in ${seconds.toFixed(1)} s\n`,
    );
    await expectCdnowCounted(house);
    await rescore(house);
    pictures[house.mode] = await takePicture(house.api, cdnowFrom);
    await houses.pop()?.stop();
  };
  beforeAll(async () => {
    await picture(await startStandaloneHouse({ clock: cdnowDay }));
    kafka = await startEmptyKafka();
    await picture(await startDistributedHouse({ clock: cdnowDay, brokers: kafka.brokers }));
  });
  afterAll(async () => {
    for (const house of houses) await house.stop();
    await kafka.stop();
  });

  it.each(['forecasts', 'segments', 'details'] as const)(
    'gives the same %s, customer by customer',
    (what) => {
      expect(pictures.distributed[what].size).toBeGreaterThan(90);
      expect([...pictures.distributed[what]]).toEqual([...pictures.standalone[what]]);
    },
  );

  it('gives the same reports', () => {
    expect(pictures.distributed.reports).toEqual(pictures.standalone.reports);
  });
});
