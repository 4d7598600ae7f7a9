import { expect } from '@jest/globals';
import {
  consumerStore,
  deadLetterStore,
  discard,
  drainWaiting,
  redrive,
} from '@regulars/messaging';
import { sql } from '@regulars/persistence';
import { eventually } from '../eventually.js';
import type { Suite } from './describe-log-conformance.js';
import { effectHandlers, effectMember, effectsOf, numbered, redriveAll } from './effects.js';
import { events, failsIn, numbersOf, outcomesOf, poison, type Poison } from './failing.js';

const alias = 'regulars.product.v1';

/** What was set aside goes through later: once, in order where it parks. */
export function describeRedrive(suite: Suite): void {
  const fails = failsIn(suite);

  fails(
    'M19',
    'park keeps the order of a key over redrive and leaves other keys alone',
    async (scene, database, options) => {
      const broken = { now: true };
      const parking = { ...options, parks: true, before: poison('anna', 2, broken) };
      await effectMember(parking).start();
      await scene.publish(events(scene, 'anna', 1, 4));
      await scene.publish(['ben', 'cleo'].flatMap((key) => events(scene, key, 1, 2)));
      await eventually(async () => {
        expect(await numbersOf(database, 'ben')).toEqual([1, 2]);
        expect(await numbersOf(database, 'cleo')).toEqual([1, 2]);
        expect(await deadLetterStore(database, scene.group).list('parked', 0, 10)).toHaveLength(2);
      });
      await scene.publish(events(scene, 'anna', 5, 6));
      await eventually(async () =>
        expect(await deadLetterStore(database, scene.group).list('parked', 0, 10)).toHaveLength(4),
      );
      expect(await numbersOf(database, 'anna')).toEqual([1]);

      broken.now = false;
      expect(await redriveAll(parking)).toMatchObject([{ result: 'redriven', followed: 4 }]);
      await scene.publish(events(scene, 'anna', 7, 7));
      await eventually(async () =>
        expect(await numbersOf(database, 'anna')).toEqual([1, 2, 3, 4, 5, 6, 7]),
      );
      expect(await outcomesOf(database)).toEqual({ applied: 11 });
    },
  );

  fails(
    'M19',
    'one that fails when its turn comes holds up the rest, which a discard lets go on',
    async (scene, database, options) => {
      const [second, fourth] = [{ now: true }, { now: true }];
      const parking = {
        ...options,
        parks: true,
        before: async (...given: Parameters<Poison>) => {
          await poison('anna', 2, second)(...given);
          await poison('anna', 4, fourth)(...given);
        },
      };
      await effectMember(parking).start();
      await scene.publish(events(scene, 'anna', 1, 6));
      const letters = deadLetterStore(database, scene.group);
      await eventually(async () => expect(await letters.list('parked', 0, 10)).toHaveLength(4));
      await scene.publish([{ ...numbered(scene.topic, 'anna', 7), value: Buffer.from('{') }]);
      await eventually(async () => expect(await letters.list('parked', 0, 10)).toHaveLength(5));

      second.now = false;
      expect(await redriveAll(parking)).toMatchObject([{ result: 'redriven', followed: 1 }]);
      expect(await numbersOf(database, 'anna')).toEqual([1, 2, 3]);
      const [dead, ...others] = await letters.list('dead', 0, 10);
      expect({ offset: dead?.offset, others }).toEqual({ offset: '3', others: [] });

      const redriving = { ...parking, handlers: effectHandlers(parking), by: 'operator' };
      expect(await discard(dead?.id ?? 0, redriving)).toBe(true);
      expect(await numbersOf(database, 'anna')).toEqual([1, 2, 3, 5, 6]);
      expect(await outcomesOf(database)).toEqual({ applied: 5, discarded: 1, 'dead-lettered': 1 });
    },
  );

  fails(
    'M19',
    'a drain that was cut off is taken up again, and a dead event waits for an earlier one',
    async (scene, database, options) => {
      const broken = { now: true };
      const parking = { ...options, parks: true, before: poison('anna', 1, broken) };
      await effectMember(parking).start();
      await scene.publish(events(scene, 'anna', 1, 3));
      const letters = deadLetterStore(database, scene.group);
      await eventually(async () => expect(await letters.list('parked', 0, 10)).toHaveLength(2));
      const redriving = { ...parking, handlers: effectHandlers(parking), by: 'operator' };
      const [waiting] = await letters.list('parked', 0, 10);
      await letters.bury(waiting?.id ?? 0);
      expect(await redrive(waiting?.id ?? 0, redriving)).toMatchObject({
        result: 'failed',
        reason: 'behind-another',
      });
      expect(await numbersOf(database, 'anna')).toEqual([]);

      // As a crash right after the dead one leaves it.
      await database.query(sql`update dead_letters set state = 'parked' where id = ${waiting?.id}`);
      await database.query(sql`update dead_letters set state = 'redriven' where state = 'dead'`);
      await drainWaiting(redriving);
      expect(await numbersOf(database, 'anna')).toEqual([2, 3]);
      expect(await letters.list('parked', 0, 10)).toEqual([]);
    },
  );

  fails('M19', 'pass lets a key go on past its dead event', async (scene, database, options) => {
    const broken = { now: true };
    const passing = { ...options, before: poison('anna', 2, broken) };
    await effectMember(passing).start();
    await scene.publish(events(scene, 'anna', 1, 4));
    await eventually(async () => expect(await numbersOf(database, 'anna')).toEqual([1, 3, 4]));

    broken.now = false;
    expect(await redriveAll(passing)).toMatchObject([{ result: 'redriven' }]);
    expect(await numbersOf(database, 'anna')).toEqual([1, 3, 4, 2]);
  });

  for (const parks of [true, false])
    fails(
      'M20',
      `redrive reaches the failed group only and once, also after a rewind (${parks ? 'park' : 'pass'})`,
      async (scene, database, options) => {
        const broken = { now: true };
        const failing = { ...options, parks, before: poison('anna', 2, broken) };
        const first = effectMember(failing);
        await first.start();
        const other = { ...options, group: `${scene.group}-other`, name: 'other' };
        await effectMember({ ...other, log: scene.anotherLog() }).start();
        await scene.publish(events(scene, 'anna', 1, 3));
        const passed = async () => (await effectsOf(database)).filter((e) => e.member !== 'other');
        await eventually(async () => {
          expect(await passed()).toHaveLength(parks ? 1 : 2);
          expect(await effectsOf(database)).toHaveLength(parks ? 4 : 5);
          const letters = deadLetterStore(database, scene.group);
          expect(await letters.list('dead', 0, 10)).toHaveLength(1);
          expect(await letters.list('parked', 0, 10)).toHaveLength(parks ? 1 : 0);
        });

        broken.now = false;
        const pressed = await Promise.all([redriveAll(failing), redriveAll(failing)]);
        expect(pressed.flat().filter(({ result }) => result === 'redriven')).toHaveLength(1);
        expect((await passed()).map(({ number }) => number).sort()).toEqual([1, 2, 3]);

        await first.close();
        await database.query(sql`delete from consumer_positions where consumer = ${scene.group}`);
        await effectMember({ ...failing, log: scene.anotherLog() }).start();
        await scene.publish(events(scene, 'anna', 4, 4));
        await eventually(async () => expect(await passed()).toHaveLength(4));
        // The other group has a pace of its own.
        await eventually(async () => expect(await effectsOf(database)).toHaveLength(8));
        const reached = await consumerStore(database, scene.group).positions([alias]);
        expect(reached.some(({ offset }) => offset === 4n)).toBe(true);
      },
    );
}
