import { setTimeout as pause } from 'node:timers/promises';
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
import type { TestDatabase } from '../postgres/test-database.js';
import { holds } from './conformance-test.js';
import type { Suite } from './describe-log-conformance.js';
import {
  effectHandlers,
  effectMember,
  effectsDatabase,
  effectsOf,
  numbered,
  redriveAll,
  type EffectMemberOptions,
} from './effects.js';
import type { Scene } from './scene.js';

const alias = 'regulars.product.v1';

/** What a handler does with an event that it cannot bear. */
type Poison = NonNullable<EffectMemberOptions['before']>;

/** Rejects while an event of this key and number is in the batch and nobody has mended it. */
function poison(key: string, number: number, broken: { now: boolean }): Poison {
  return (events) =>
    broken.now && events.some((event) => event.key === key && event.sequence === number)
      ? Promise.reject(new TypeError('poison'))
      : Promise.resolve();
}

export function describeFailures(suite: Suite): void {
  const fails = (
    id: string,
    what: string,
    test: (scene: Scene, database: TestDatabase, member: EffectMemberOptions) => Promise<void>,
  ) => {
    holds(suite, id, what, async (scene) => {
      const database = await effectsDatabase();
      try {
        const { log, group, topic } = scene;
        await test(scene, database, { log, group, topic, database });
      } finally {
        await scene.end();
        await database.drop();
      }
    });
  };
  const numbersOf = async (database: TestDatabase, key: string) =>
    (await effectsOf(database)).filter((effect) => effect.key === key).map(({ number }) => number);
  const events = (scene: Scene, key: string, from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, index) => numbered(scene.topic, key, from + index));

  fails(
    'M16',
    'while a dead letter cannot be written nothing advances',
    async (scene, database, options) => {
      let refusals = 0;
      const broken = { now: true };
      await effectMember({
        ...options,
        before: poison('anna', 2, broken),
        notify: async (tx) => {
          refusals += 1;
          if (refusals <= 4) await tx.query(sql`select 1 / 0`);
        },
      }).start();
      await scene.publish(events(scene, 'anna', 1, 3));

      await eventually(() => refusals > 3);
      expect(await deadLetterStore(database, scene.group).list('dead', 0, 10)).toEqual([]);
      expect(await numbersOf(database, 'anna')).toEqual([1]);
      await eventually(async () => expect(await numbersOf(database, 'anna')).toEqual([1, 3]), {
        withinMs: 15_000,
      });
      expect(await deadLetterStore(database, scene.group).list('dead', 0, 10)).toMatchObject([
        { offset: '1' },
      ]);
    },
  );

  fails(
    'M17',
    'whatever a handler throws, its event is neither skipped nor does anything stop',
    async (scene, database, options) => {
      const thrown: Record<string, unknown> = {
        TypeError: new TypeError('x is not a function'),
        string: 'no',
        undefined: undefined,
        null: null,
        RangeError: new RangeError('too far'),
      };
      const fatal: Error[] = [];
      await effectMember({
        ...options,
        onFatal: (error) => fatal.push(error),
        before: (fresh) => {
          const bad = fresh.find(({ key, sequence }) => key in thrown && sequence === 2);
          const { promise, resolve, reject } = Promise.withResolvers<undefined>();
          if (bad) reject(thrown[bad.key]);
          else resolve(undefined);
          return promise;
        },
      }).start();
      const keys = Object.keys(thrown);
      await scene.publish(keys.flatMap((key) => events(scene, key, 1, 3)));

      await eventually(
        async () => {
          for (const key of keys) expect(await numbersOf(database, key)).toEqual([1, 3]);
        },
        { withinMs: 20_000 },
      );
      const dead = await deadLetterStore(database, scene.group).list('dead', 0, 10);
      expect(dead).toHaveLength(keys.length);
      expect(fatal).toEqual([]);
    },
  );

  fails(
    'M17',
    'a handler that never settles holds up its partition only, and its event is not lost',
    async (scene, database, options) => {
      const hung = effectMember({
        ...options,
        name: 'hung',
        before: (fresh) =>
          fresh.some(({ key }) => key === 'anna') ? new Promise<never>(() => undefined) : pause(1),
      });
      await hung.start();
      await scene.publish(events(scene, 'anna', 1, 2));
      const others = ['ben', 'cleo', 'dora', 'emil', 'fritz', 'gina', 'hans'];
      await scene.publish(others.flatMap((key) => events(scene, key, 1, 2)));
      const elsewhere = async () =>
        new Set((await effectsOf(database)).filter(({ number }) => number === 2).map((e) => e.key));
      await eventually(async () => expect((await elsewhere()).size).toBeGreaterThan(4), {
        withinMs: 15_000,
      });

      await hung.close();
      expect(await numbersOf(database, 'anna')).toEqual([]);
      await effectMember({ ...options, log: scene.anotherLog(), name: 'successor' }).start();
      await eventually(async () => expect(await numbersOf(database, 'anna')).toEqual([1, 2]), {
        withinMs: 30_000,
      });
      expect(await deadLetterStore(database, scene.group).list('dead', 0, 10)).toEqual([]);
    },
  );

  fails(
    'M18',
    'nine events that each fail once cost no more than their back-off',
    async (scene, database, options) => {
      const failed = new Set<number>();
      await effectMember({
        ...options,
        before: (fresh) => {
          const first = fresh.find(({ sequence }) => sequence <= 9 && !failed.has(sequence));
          if (!first) return Promise.resolve();
          failed.add(first.sequence);
          return Promise.reject(new TypeError('once'));
        },
      }).start();
      await scene.publish(events(scene, 'warm', 20, 20));
      await eventually(async () => expect(await numbersOf(database, 'warm')).toEqual([20]));
      const sent = performance.now();
      await scene.publish(events(scene, 'anna', 1, 10));

      await eventually(async () => expect(await numbersOf(database, 'anna')).toHaveLength(10), {
        withinMs: 15_000,
      });
      expect(performance.now() - sent).toBeLessThan(5_000);
      expect(failed.size).toBe(9);
      expect(await deadLetterStore(database, scene.group).list('dead', 0, 10)).toEqual([]);
    },
  );

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
      expect(await outcomes(database)).toEqual({ applied: 11 });
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
      expect(await outcomes(database)).toEqual({ applied: 5, discarded: 1, 'dead-lettered': 1 });
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
        await eventually(async () => expect(await passed()).toHaveLength(4), { withinMs: 15_000 });
        expect(await effectsOf(database)).toHaveLength(8);
        const reached = await consumerStore(database, scene.group).positions([alias]);
        expect(reached.some(({ offset }) => offset === 4n)).toBe(true);
      },
    );

  async function outcomes(database: TestDatabase): Promise<Record<string, number>> {
    const rows = await database.query<{ outcome: string; count: number }>(sql`
      select outcome, sum(count)::bigint as count from consumer_counters
      group by outcome having sum(count) <> 0`);
    return Object.fromEntries(rows.map(({ outcome, count }) => [outcome, count]));
  }
}
