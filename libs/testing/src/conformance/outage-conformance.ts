import { expect } from '@jest/globals';
import { deadLetterStore, LogUnavailable } from '@regulars/messaging';
import { eventually } from '../eventually.js';
import { holds, PATIENCE_MS } from './conformance-test.js';
import type { Suite } from './describe-log-conformance.js';
import { effectMember, effectsDatabase, effectsOf, numbered } from './effects.js';
import { insist } from './scene.js';
import { StoredOffsets } from './stored-offsets.js';

export function describeOutages(suite: Suite): void {
  holds(
    suite,
    'M13',
    'killed and restarted under load, it goes on without help',
    async (scene) => {
      const { takeAway, bringBack } = outage(suite);
      const reader = await scene.reader(new StoredOffsets());
      const producer = await scene.log.producer();
      const acknowledged: string[] = [];
      const enough = new AbortController();
      const load = (async () => {
        for (let number = 0; !enough.signal.aborted; number += 1) {
          const value = String(number);
          await insist(producer, [scene.record(`k${String(number % 30)}`, value)]);
          acknowledged.push(value);
        }
      })();
      await eventually(() => reader.records.length > 50);
      await takeAway();
      await bringBack();
      const then = acknowledged.length;
      await eventually(() => acknowledged.length > then + 50, { withinMs: PATIENCE_MS });
      enough.abort();
      await load;

      const read = () => new Set(reader.values());
      await eventually(() => read().size >= acknowledged.length, { withinMs: PATIENCE_MS });
      expect([...read()].sort()).toEqual([...acknowledged].sort());
      expect(reader.fatal).toEqual([]);
    },
    'brokerRestart',
  );

  holds(
    suite,
    'M14',
    'while it is away a publish waits or rejects as unavailable, nothing is dead-lettered',
    async (scene) => {
      const { takeAway, bringBack } = outage(suite);
      const database = await effectsDatabase();
      const fatal: Error[] = [];
      try {
        const options = { log: scene.log, database, group: scene.group, topic: scene.topic };
        await effectMember({ ...options, onFatal: (error) => fatal.push(error) }).start();
        const producer = await scene.log.producer();
        await producer.send([numbered(scene.topic, 'anna', 1)]);
        await eventually(async () => (await effectsOf(database)).length === 1);

        await takeAway();
        const sending = producer.send([numbered(scene.topic, 'anna', 2)]).then(
          () => 'taken',
          (error: unknown) => error,
        );
        const late = scene.anotherLog();
        const made = late.ensureTopics([
          { name: `${scene.topic}.late`, partitions: 1, cleanup: 'keep' },
        ]);
        await bringBack();
        const outcome = await sending;
        if (outcome !== 'taken') expect(outcome).toBeInstanceOf(LogUnavailable);
        await made;
        await insist(
          producer,
          [2, 3].map((number) => numbered(scene.topic, 'anna', number)),
        );

        await eventually(
          async () =>
            expect((await effectsOf(database)).map(({ number }) => number)).toEqual([1, 2, 3]),
          { withinMs: PATIENCE_MS },
        );
        expect(await deadLetterStore(database, scene.group).list('dead', 0, 10)).toEqual([]);
        expect(fatal).toEqual([]);
      } finally {
        await scene.end();
        await database.drop();
      }
    },
    'brokerRestart',
  );
}

/** A log that somebody else runs cannot be proved here: that is an error, not a skip. */
function outage(suite: Suite) {
  const { takeAway, bringBack } = suite.provider();
  if (!takeAway || !bringBack) {
    throw new Error('This log is not ours to kill. Unset KAFKA_BROKERS to run M13 and M14.');
  }
  return { takeAway, bringBack };
}
