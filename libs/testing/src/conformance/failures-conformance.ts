import { setTimeout as pause } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { deadLetterStore } from '@regulars/messaging';
import { sql } from '@regulars/persistence';
import { eventually } from '../eventually.js';
import { bestTime } from './best-time.js';
import { PATIENCE_MS } from './conformance-test.js';
import type { Suite } from './describe-log-conformance.js';
import { effectMember, effectsOf } from './effects.js';
import { events, failsIn, numbersOf, poison, type Poison } from './failing.js';

type Fresh = Parameters<Poison>[0];

/** A failing handler: nothing is lost, nothing stops, nothing but its own events waits. */
export function describeFailures(suite: Suite): void {
  const fails = failsIn(suite);

  fails(
    'M16',
    'while a dead letter cannot be written nothing advances',
    async (scene, database, options) => {
      let refusals = 0;
      let unwritable = true;
      const broken = { now: true };
      await effectMember({
        ...options,
        before: poison('anna', 2, broken),
        notify: async (tx) => {
          if (!unwritable) return;
          refusals += 1;
          await tx.query(sql`select 1 / 0`);
        },
      }).start();
      await scene.publish(events(scene, 'anna', 1, 3));

      await eventually(() => refusals > 3);
      expect(await deadLetterStore(database, scene.group).list('dead', 0, 10)).toEqual([]);
      expect(await numbersOf(database, 'anna')).toEqual([1]);
      unwritable = false;
      await eventually(async () => expect(await numbersOf(database, 'anna')).toEqual([1, 3]));
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

      await eventually(async () => {
        for (const key of keys) expect(await numbersOf(database, key)).toEqual([1, 3]);
      });
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
      await eventually(async () => expect((await elsewhere()).size).toBeGreaterThan(4));

      await hung.close();
      expect(await numbersOf(database, 'anna')).toEqual([]);
      await effectMember({ ...options, log: scene.anotherLog(), name: 'successor' }).start();
      await eventually(async () => expect(await numbersOf(database, 'anna')).toEqual([1, 2]), {
        withinMs: PATIENCE_MS,
      });
      expect(await deadLetterStore(database, scene.group).list('dead', 0, 10)).toEqual([]);
    },
  );

  fails(
    'M18',
    'nine events that each fail once cost no more than their back-off',
    async (scene, database, options) => {
      const failed = new Set<string>();
      const nameOf = ({ key, sequence }: Fresh[number]): string => `${key} ${String(sequence)}`;
      await effectMember({
        ...options,
        before: (fresh) => {
          const first = fresh.find((event) => event.sequence <= 9 && !failed.has(nameOf(event)));
          if (!first) return Promise.resolve();
          failed.add(nameOf(first));
          return Promise.reject(new TypeError('once'));
        },
      }).start();
      await scene.publish(events(scene, 'warm', 20, 20));
      await eventually(async () => expect(await numbersOf(database, 'warm')).toEqual([20]));
      const ofTen = async (key: string): Promise<void> => {
        await scene.publish(events(scene, key, 1, 10));
        await eventually(async () => expect(await numbersOf(database, key)).toHaveLength(10));
        expect([...failed].filter((name) => name.startsWith(`${key} `))).toHaveLength(9);
      };
      expect(await bestTime(5_000, ofTen)).toBeLessThan(5_000);
      expect(await deadLetterStore(database, scene.group).list('dead', 0, 10)).toEqual([]);
    },
  );
}
