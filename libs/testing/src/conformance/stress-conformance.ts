import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import type { BatchConsumer, EventProducer } from '@regulars/messaging';
import { sql } from '@regulars/persistence';
import { Dice } from '../dice.js';
import { eventually } from '../eventually.js';
import type { TestDatabase } from '../postgres/test-database.js';
import type { Suite } from './describe-log-conformance.js';
import { effectMember, effectsDatabase, effectsOf, numbered } from './effects.js';
import { child } from './order-conformance.js';
import { insist, Scene } from './scene.js';

const SECONDS = Number(process.env['REGULARS_STRESS_SECONDS'] ?? 6);
const DRAIN_MS = 60_000;
const KEYS = Array.from({ length: 20 }, (_, index) => `key-${String(index)}`);
const MOST_POISON = 6;

interface Run {
  readonly scene: Scene;
  readonly database: TestDatabase;
  readonly dice: Dice;
  readonly fatal: Error[];
  readonly over: () => boolean;
}

/**
 * Repetitions, poison, failing handlers, members that come, go and are killed, and a log that is killed and comes
 * back, all at once and by chance. `REGULARS_STRESS_SEED` repeats it, `REGULARS_STRESS_SECONDS` makes it longer.
 */
export function describeStress(suite: Suite): void {
  const seed = Number(process.env['REGULARS_STRESS_SEED'] ?? randomInt(1_000_000));
  it(
    `stress from seed ${String(seed)}: each event once, in order per key, poison set aside, all of it counted`,
    async () => {
      const end = performance.now() + SECONDS * 1_000;
      const run: Run = {
        scene: await Scene.set(suite.provider(), 'STRESS'),
        database: await effectsDatabase(),
        dice: new Dice(seed),
        fatal: [],
        over: () => performance.now() > end,
      };
      try {
        const publishing = publish(run, new Dice(seed, 1));
        await changeMembers(suite, run);
        const { sent, poison } = await publishing;
        await judge(run, sent, poison);
      } finally {
        await run.scene.end();
        await run.database.drop();
      }
    },
    (SECONDS + 300) * 1_000 + 2 * DRAIN_MS,
  );
}

interface Published {
  /** The last number of each key. */
  readonly sent: ReadonlyMap<string, number>;
  readonly poison: readonly string[];
}

/** Numbers rise per key; some come again, as after a crash of the relay; some do not decode. */
async function publish({ scene, over }: Run, dice: Dice): Promise<Published> {
  const sent = new Map(KEYS.map((key) => [key, 0]));
  const poison: string[] = [];
  const producer: EventProducer = await scene.log.producer();
  while (!over()) {
    const keys = dice.some(KEYS, dice.between(1, KEYS.length));
    const records = keys.flatMap((key) => {
      const last = sent.get(key) ?? 0;
      sent.set(key, last + 1);
      const from = dice.chance(0.2) ? dice.between(1, last + 1) : last + 1;
      const numbers = Array.from({ length: last + 2 - from }, (_, index) => from + index);
      return numbers.map((number) => numbered(scene.topic, key, number));
    });
    if (dice.chance(0.1) && poison.length < MOST_POISON) {
      const key = `poison-${String(poison.length)}`;
      poison.push(key);
      records.push({ ...numbered(scene.topic, key, 1), value: Buffer.from('{') });
    }
    await insist(producer, records);
    await pause(dice.between(0, 40));
  }
  await producer.close();
  return { sent, poison };
}

/** The first member is killed; after it others take turns, and meanwhile the log goes away once. */
async function changeMembers(suite: Suite, run: Run): Promise<void> {
  const { scene, database, dice, over } = run;
  const killed = await child(scene, database, 'killed', 20);
  await progress(run);
  killed.signal('SIGKILL');
  await killed.ended();

  const members: BatchConsumer[] = [await join(run, 1)];
  const { takeAway, bringBack } = suite.provider();
  for (let turn = 2; turn < 5 || !over(); turn += 1) {
    await progress(run);
    if (turn === 3 && takeAway && bringBack) {
      await takeAway();
      await bringBack();
    }
    const most = suite.features.severalMembersPerGroup ? 3 : 1;
    const leaving = dice.chance(0.7) || members.length === most ? members.shift() : undefined;
    await leaving?.close();
    members.push(await join(run, turn));
  }
}

async function join({ scene, database, dice, fatal }: Run, turn: number): Promise<BatchConsumer> {
  const failed = new Set<string>();
  const member = effectMember({
    log: scene.anotherLog(),
    database,
    group: scene.group,
    topic: scene.topic,
    name: `member-${String(turn)}`,
    before: async (events) => {
      await pause(dice.between(0, 10));
      const unlucky = events.find(({ id }) => !failed.has(id) && dice.chance(0.01));
      if (!unlucky) return;
      failed.add(unlucky.id);
      throw new TypeError('once');
    },
    onFatal: (error) => fatal.push(error),
  });
  await member.start();
  return member;
}

/** Something is worked off: whoever joined does its part. Nothing may be left when the publisher has ended. */
async function progress({ database, over }: Run): Promise<void> {
  const before = (await effectsOf(database)).length;
  await eventually(async () => (await effectsOf(database)).length > before || over(), {
    withinMs: DRAIN_MS,
  });
}

async function judge(
  { scene, database, fatal }: Run,
  sent: Published['sent'],
  poison: readonly string[],
): Promise<void> {
  const all = [...sent.values()].reduce((sum, last) => sum + last, 0);
  await eventually(
    async () => {
      const ends = await scene.log.endOffsets([scene.topic]);
      const end = ends.reduce((sum, { offset }) => sum + Number(offset), 0);
      expect({ ...(await passed(database)), effects: (await effectsOf(database)).length }).toEqual({
        reached: end,
        counted: end,
        effects: all,
      });
    },
    { withinMs: DRAIN_MS },
  );

  const byKey = Map.groupBy(await effectsOf(database), ({ key }) => key);
  for (const [key, last] of sent) {
    const numbers = (byKey.get(key) ?? []).map(({ number }) => number);
    expect({ key, numbers }).toEqual({
      key,
      numbers: Array.from({ length: last }, (_, index) => index + 1),
    });
  }
  const dead = await database.query<{ key: Buffer }>(sql`select key from dead_letters`);
  expect(new Set(dead.map(({ key }) => key.toString()))).toEqual(new Set(poison));
  expect(fatal).toEqual([]);
}

/** Where the group stands, and what was counted on the way: the same. */
async function passed(database: TestDatabase): Promise<{ reached: number; counted: number }> {
  const [row] = await database.query<{ reached: number; counted: number }>(sql`
    select (select coalesce(sum(next_offset), 0)::bigint from consumer_positions) as reached,
           (select coalesce(sum(count), 0)::bigint from consumer_counters) as counted`);
  return row ?? { reached: 0, counted: 0 };
}
