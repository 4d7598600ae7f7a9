import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { newId, standingClock, type Day } from '@regulars/kernel';
import { sql } from '@regulars/persistence';
import type { LeasedTimer } from '@regulars/timers';
import { aPurchase, config, openShop, type Shop } from '../shop.kit.spec.js';
import type { DriftWatch } from './drift-watch.use-case.js';
import { OnRefitDue, REFIT } from './on-refit-due.js';

/** A Wednesday, at noon. */
const TODAY = '2026-07-01';
/** 3:30 in Berlin. */
const atNight = (day: Day) => new Date(`${day}T01:30:00Z`);

/** Real: Postgres. The looks at drift are only counted. */
describe('the daily look', () => {
  let shop: Shop;
  let looks: Day[];
  beforeEach(async () => {
    shop = await openShop(TODAY);
    looks = [];
    await shop.purchases([aPurchase(newId(), { purchaseDay: TODAY })]);
  });
  afterEach(() => shop.database.drop());

  const service = (clock = shop.database.clock) =>
    new OnRefitDue(
      shop.refits,
      { begin: (day: Day) => void looks.push(day) } as unknown as DriftWatch,
      shop.database,
      clock,
      config,
    );
  const standing = () =>
    shop.database.query<LeasedTimer>(sql`
      select id, kind, key, due_at as "dueAt", data from timers where kind = ${REFIT}`);
  const dueOn = async () => (await standing()).map(({ dueAt }) => dueAt);
  const cameDue = (day: Day) =>
    shop.database.query(sql`update timers set due_at = ${atNight(day)} where kind = ${REFIT}`);
  const fire = async () => {
    const due = await standing();
    await shop.database.withTransaction((tx) => service().fire(due, tx));
  };

  it('is set for the next night at the first start', async () => {
    await service().onApplicationBootstrap();

    expect(await dueOn()).toEqual([atNight('2026-07-02')]);
  });

  it('that came due while nobody ran is made up for once, not passed over by the start', async () => {
    await service().onApplicationBootstrap();
    await cameDue('2026-06-28');

    await service().onApplicationBootstrap();
    expect(await dueOn()).toEqual([atNight('2026-06-28')]);

    await fire();
    expect(await dueOn()).toEqual([atNight('2026-07-02')]);
  });

  it('is not set again for a night that has been, by a replica whose clock is slow', async () => {
    await service().onApplicationBootstrap();
    const slow = standingClock(new Date('2026-07-01T01:26:00Z'));

    await service(slow).onApplicationBootstrap();

    expect(await dueOn()).toEqual([atNight('2026-07-02')]);
  });

  it.each([
    ['Monday itself', '2026-06-29', TODAY, 1],
    ['a Sunday, made up for after the Monday', '2026-06-28', TODAY, 1],
    ['a Tuesday', '2026-06-30', TODAY, 0],
  ] as const)('due on %s: drift is looked at once a week', async (_, due, today, times) => {
    await service().onApplicationBootstrap();
    await cameDue(due);

    await fire();

    expect(looks).toEqual(Array.from({ length: times }, () => today));
  });
});
