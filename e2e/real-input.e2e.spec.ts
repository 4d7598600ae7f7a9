import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { cdnowFacts, hasCdnow, whereCdnowIs } from './house/cdnow.ts';
import {
  cdnowDay,
  cdnowFrom,
  expectCdnowCounted,
  importCdnow,
  rescore,
} from './house/cdnow-day.ts';
import { takePicture, type Picture } from './house/picture.ts';
import { startStandaloneHouse, sumOf, type StandaloneHouse } from './house.ts';

jest.setTimeout(1_200_000);
if (!hasCdnow) process.stderr.write(whereCdnowIs);

(hasCdnow ? describe : describe.skip)('the CDNOW sample in a fresh standalone', () => {
  let house: StandaloneHouse;
  let summary: string;
  let before: Picture;
  beforeAll(async () => {
    house = await startStandaloneHouse({ clock: cdnowDay });
    const imported = await importCdnow(house);
    summary = imported.summary;
    process.stdout.write(
      `CDNOW sample, standalone: imported and drained in ${imported.seconds.toFixed(1)} s\n`,
    );
    // A fit runs in the background, and moves every forecast when it is in.
    await rescore(house);
    before = await takePicture(house.api, cdnowFrom);
  });
  afterAll(() => house.stop());

  it('is read as the file that it is', async () => {
    expect(await cdnowFacts()).toMatchObject({
      rows: 6_919,
      customers: 2_357,
      purchaseDays: 6_696,
    });
    expect(summary).toMatch(/^Rows: 6,919 \(6,919 created\)$/m);
  });

  it('is counted whole, its money to the cent', () => expectCdnowCounted(house));

  it('gives every customer a forecast and a segment', async () => {
    const { ids } = await cdnowFacts();

    expect([...before.forecasts.keys()].sort()).toEqual(ids);
    expect([...before.segments.keys()].sort()).toEqual(ids);
    const days = [...before.forecasts.values()].map((row) => Number(row['purchaseCount']));
    expect(days.reduce((sum, count) => sum + count, 0)).toBe(6_696);
  });

  it('changes nothing when it is imported again', async () => {
    const again = await importCdnow(house);

    expect(again.summary).toMatch(/^Rows: 6,919 \(6,919 unchanged\)$/m);
    expect(await takePicture(house.api, cdnowFrom)).toEqual(before);
    expect(sumOf(await house.scrape(), 'regulars_dead_letters')).toBe(0);
  });
});
