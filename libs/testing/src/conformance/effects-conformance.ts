import { expect } from '@jest/globals';
import { deadLetterStore } from '@regulars/messaging';
import { eventually } from '../eventually.js';
import type { TestDatabase } from '../postgres/test-database.js';
import { bestTime } from './best-time.js';
import { holds, PATIENCE_MS } from './conformance-test.js';
import type { Suite } from './describe-log-conformance.js';
import { effectMember, effectsDatabase, effectsOf, numbered } from './effects.js';
import { numbersOf } from './failing.js';
import { child, expectEachOnceInOrder } from './order-conformance.js';
import type { Scene } from './scene.js';

const keys = ['anna', 'ben', 'cleo', 'dora', 'emil', 'fritz'];
const round = (scene: Scene, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index).flatMap((number) =>
    keys.map((key) => numbered(scene.topic, key, number)),
  );

export function describeEffects(suite: Suite): void {
  const withEffects = (
    id: string,
    what: string,
    test: (scene: Scene, database: TestDatabase) => Promise<void>,
  ) => {
    holds(suite, id, what, async (scene) => {
      const database = await effectsDatabase();
      try {
        await test(scene, database);
      } finally {
        await scene.end();
        await database.drop();
      }
    });
  };
  const count = (database: TestDatabase, expected: number, withinMs = PATIENCE_MS) =>
    eventually(async () => (await effectsOf(database)).length >= expected, { withinMs });

  withEffects(
    'M3',
    'a restart resumes without a gap and without a second effect',
    async (scene, database) => {
      const member = () =>
        effectMember({ log: scene.log, database, group: scene.group, topic: scene.topic });
      const first = member();
      await first.start();
      await scene.publish(round(scene, 1, 10));
      await count(database, 20);
      await first.close();
      await scene.publish(round(scene, 11, 20));

      await member().start();
      await count(database, 120);
      expectEachOnceInOrder(await effectsOf(database), keys, 20);
    },
  );

  withEffects(
    'M3',
    'so does a restart after kill -9 in the middle of a batch',
    async (scene, database) => {
      const killed = await child(scene, database, 'killed', 150);
      await scene.publish(round(scene, 1, 10));
      await eventually(() => killed.said('working'));
      killed.signal('SIGKILL');
      await killed.ended();
      await scene.publish(round(scene, 11, 20));

      await effectMember({
        log: scene.log,
        database,
        group: scene.group,
        topic: scene.topic,
      }).start();
      await count(database, 120);
      expectEachOnceInOrder(await effectsOf(database), keys, 20);
    },
  );

  withEffects(
    'M9',
    'a member stopped past its session changes nothing when it wakes',
    async (scene, database) => {
      const sleeper = await child(scene, database, 'sleeper', 100);
      await scene.publish(round(scene, 1, 5));
      await eventually(() => sleeper.said('working'));
      sleeper.signal('SIGSTOP');
      try {
        await effectMember({
          log: scene.log,
          database,
          group: scene.group,
          topic: scene.topic,
          name: 'successor',
        }).start();
        // The session, then at most 10 s for a transaction that the sleeper may hold open.
        await count(database, 30, scene.provider.sessionMs + PATIENCE_MS);
        const before = await effectsOf(database);

        sleeper.signal('SIGCONT');
        await scene.publish(round(scene, 6, 10));
        await count(database, 60);
        const after = await effectsOf(database);
        expect(after.slice(0, before.length)).toEqual(before);
        expectEachOnceInOrder(after, keys, 10);
      } finally {
        sleeper.signal('SIGKILL');
        await sleeper.ended();
      }
    },
  );

  withEffects('M10', 'delivering everything twice changes nothing', async (scene, database) => {
    await effectMember({
      log: scene.log,
      database,
      group: scene.group,
      topic: scene.topic,
    }).start();
    const events = round(scene, 1, 10);
    await scene.publish([...events.slice(0, 30), ...events.slice(10, 60), ...events]);
    const last = numbered(scene.topic, 'last', 1);
    await scene.publish([...events, last]);

    await eventually(async () => (await effectsOf(database)).some(({ key }) => key === 'last'));
    await eventually(async () => {
      const stored = await database.query<{ sum: number }>({
        text: 'select sum(next_offset)::bigint as sum from consumer_positions',
        values: [],
      });
      expect(stored).toEqual([{ sum: 30 + 50 + 60 + 60 + 1 }]);
    });
    expectEachOnceInOrder(await effectsOf(database), keys, 10);
  });

  withEffects(
    'M15',
    'poison becomes a dead letter and its partition moves on within 5 s',
    async (scene, database) => {
      await effectMember({
        log: scene.log,
        database,
        group: scene.group,
        topic: scene.topic,
        before: (events) => {
          const poison = events.some(({ sequence }) => sequence === 3);
          return poison ? Promise.reject(new TypeError('poison')) : Promise.resolve();
        },
      }).start();
      const passesPoison = async (key: string): Promise<void> => {
        await scene.publish([
          ...[1, 2, 3].map((number) => numbered(scene.topic, key, number)),
          { ...numbered(scene.topic, key, 4), value: Buffer.from('{') },
          numbered(scene.topic, key, 5),
        ]);
        await eventually(async () => expect(await numbersOf(database, key)).toEqual([1, 2, 5]));
      };
      await passesPoison('anna');
      const dead = await deadLetterStore(database, scene.group).list('dead', 0, 10);
      expect(dead).toMatchObject([
        { offset: '2', attempts: 3, consumer: scene.group, partition: expect.any(Number) },
        { offset: '3', attempts: 1, consumer: scene.group },
      ]);
      for (const letter of dead) {
        expect(letter.reason).toMatch(/^\S+$/);
        expect(letter.errorText).not.toBe('');
        expect(letter.lastFailedAt.getTime()).toBeGreaterThanOrEqual(
          letter.firstFailedAt.getTime() - 1_000,
        );
      }
      const kept = await deadLetterStore(database, scene.group).lockDead(dead[1]?.id ?? 0);
      expect(kept?.key?.toString()).toBe('anna');
      expect(kept?.value?.toString()).toBe('{');
      expect(Object.keys(kept?.headers ?? {})).toEqual(expect.arrayContaining(['id', 'sequence']));
      expect(await bestTime(5_000, passesPoison)).toBeLessThan(5_000);
    },
  );
}
