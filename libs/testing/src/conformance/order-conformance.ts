import { setTimeout as pause } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { eventually } from '../eventually.js';
import type { Child } from '../spawn-child.js';
import { holds, PATIENCE_MS } from './conformance-test.js';
import type { Suite } from './describe-log-conformance.js';
import { effectMember, effectsDatabase, effectsOf, numbered, type Effect } from './effects.js';
import { insist, PARTITIONS, type Scene } from './scene.js';
import { spawnMember } from './spawn-member.js';
import { StoredOffsets } from './stored-offsets.js';

const SLOW_MS = 40;
const keysOf = (count: number) =>
  Array.from({ length: count }, (_, index) => `key-${String(index)}`);

/** Every key has the numbers 1 to `each`, once and in order. */
export function expectEachOnceInOrder(
  effects: readonly Effect[],
  keys: readonly string[],
  each: number,
) {
  const numbers = Array.from({ length: each }, (_, index) => index + 1);
  const byKey = Map.groupBy(effects, ({ key }) => key);
  for (const key of keys) {
    expect({ key, numbers: byKey.get(key)?.map(({ number }) => number) }).toEqual({ key, numbers });
  }
}

export function describeOrder(suite: Suite): void {
  holds(
    suite,
    'M6',
    'order per key with one member: 50 keys with 1,000 events each',
    async (scene) => {
      const keys = keysOf(50);
      const stored = new StoredOffsets();
      const reader = await scene.reader(stored);
      const producer = await scene.log.producer();
      for (let number = 1; number <= 1_000; number += 20) {
        const next = Array.from({ length: 20 }, (_, index) => String(number + index));
        await producer.send(next.flatMap((value) => keys.map((key) => scene.record(key, value))));
      }
      await eventually(() => reader.records.length >= 50_000, { withinMs: PATIENCE_MS });

      const effects = reader.records.map(({ key, value }) => ({
        member: '',
        key: Buffer.from(key ?? []).toString(),
        number: Number(Buffer.from(value ?? []).toString()),
      }));
      expectEachOnceInOrder(effects, keys, 1_000);
    },
  );

  holds(
    suite,
    'M7',
    'order per key, each once, while members join, leave and are killed',
    async (scene) => {
      const database = await effectsDatabase();
      const keys = keysOf(20);
      const each = 120;
      try {
        const producer = await scene.log.producer();
        const publishing = (async () => {
          for (let number = 1; number <= each; number += 1) {
            await insist(
              producer,
              keys.map((key) => numbered(scene.topic, key, number)),
            );
            if (number % 10 === 0)
              await eventually(async () => (await lag(scene)) < 400, { withinMs: PATIENCE_MS });
          }
        })();
        const member = (name: string) =>
          effectMember({
            log: scene.anotherLog(),
            database,
            group: scene.group,
            topic: scene.topic,
            name,
            // Work that takes a while: partitions move in the middle of it.
            before: () => pause(SLOW_MS),
          });
        const progress = (count: number) =>
          eventually(async () => (await effectsOf(database)).length >= count, {
            withinMs: PATIENCE_MS,
          });

        const staying = member('staying');
        await staying.start();
        const killed = await child(scene, database, 'killed', SLOW_MS);
        await progress(300);
        const leaving = member('leaving');
        await leaving.start();
        killed.signal('SIGKILL');
        await progress(900);
        await leaving.close();
        await member('late').start();
        await publishing;
        await progress(keys.length * each);
        expectEachOnceInOrder(await effectsOf(database), keys, each);
      } finally {
        await scene.end();
        await database.drop();
      }

      async function lag(of: Scene): Promise<number> {
        const ends = await of.log.endOffsets([of.topic]);
        const published = ends.reduce((sum, { offset }) => sum + Number(offset), 0);
        return published - (await effectsOf(database)).length;
      }
    },
    'severalMembersPerGroup',
  );

  holds(
    suite,
    'M8',
    'two members share the partitions; each event has its effect in one',
    async (scene) => {
      const stored = new StoredOffsets();
      const one = await scene.reader(stored);
      const two = await scene.reader(stored, { log: scene.anotherLog() });
      await eventually(() => {
        const halves = [one, two].map(({ consumer }) => consumer.assignment().length);
        expect(halves).toEqual([PARTITIONS / 2, PARTITIONS / 2]);
      });
      const values = Array.from({ length: 300 }, (_, index) => `v${String(index)}`);
      await scene.publish(values.map((value) => scene.record(value, value)));

      await eventually(() => one.records.length + two.records.length >= 300);
      expect([...one.values(), ...two.values()].sort()).toEqual([...values].sort());
      expect(Math.min(one.records.length, two.records.length)).toBeGreaterThan(50);
    },
    'severalMembersPerGroup',
  );
}

/** A member in a process of its own. */
export function child(
  scene: Scene,
  database: Awaited<ReturnType<typeof effectsDatabase>>,
  name: string,
  slowMs = 0,
): Promise<Child> {
  return spawnMember({
    log: scene.provider.child,
    group: scene.group,
    topic: scene.topic,
    name,
    databaseUrl: database.url,
    schema: database.schema,
    slowMs,
  });
}
