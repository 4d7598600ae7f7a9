import { sql } from '@regulars/persistence';
import type { OutgoingRecord } from '@regulars/messaging';
import type { TestDatabase } from '../postgres/test-database.js';
import { holds } from './conformance-test.js';
import type { Suite } from './describe-log-conformance.js';
import { effectsDatabase, effectsOf, numbered, type EffectMemberOptions } from './effects.js';
import type { Scene } from './scene.js';

/** What a handler does with an event that it cannot bear. */
export type Poison = NonNullable<EffectMemberOptions['before']>;

/** Rejects while an event of this key and number is in the batch and nobody has mended it. */
export function poison(key: string, number: number, broken: { now: boolean }): Poison {
  return (events) =>
    broken.now && events.some((event) => event.key === key && event.sequence === number)
      ? Promise.reject(new TypeError('poison'))
      : Promise.resolve();
}

/** A test whose members write their effects to a database of its own. */
export function failsIn(suite: Suite) {
  return (
    id: string,
    what: string,
    test: (scene: Scene, database: TestDatabase, member: EffectMemberOptions) => Promise<void>,
  ): void => {
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
}

/** The numbers of a key's events in the order in which they had their effect. */
export async function numbersOf(database: TestDatabase, key: string): Promise<number[]> {
  const effects = await effectsOf(database);
  return effects.filter((effect) => effect.key === key).map(({ number }) => number);
}

export function events(scene: Scene, key: string, from: number, to: number): OutgoingRecord[] {
  return Array.from({ length: to - from + 1 }, (_, index) =>
    numbered(scene.topic, key, from + index),
  );
}

/** How many records ended how. */
export async function outcomesOf(database: TestDatabase): Promise<Record<string, number>> {
  const rows = await database.query<{ outcome: string; count: number }>(sql`
    select outcome, sum(count)::bigint as count from consumer_counters
    group by outcome having sum(count) <> 0`);
  return Object.fromEntries(rows.map(({ outcome, count }) => [outcome, count]));
}
