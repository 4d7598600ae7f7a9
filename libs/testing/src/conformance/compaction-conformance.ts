import { expect } from '@jest/globals';
import {
  Fenced,
  heartbeats,
  newestPair,
  RecordRefused,
  type LogRecord,
  type OutgoingRecord,
} from '@regulars/messaging';
import { eventually } from '../eventually.js';
import { holds, PATIENCE_MS } from './conformance-test.js';
import type { Suite } from './describe-log-conformance.js';
import { StoredOffsets } from './stored-offsets.js';

const text = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString());
const pairs = (records: readonly LogRecord[]) =>
  records
    .filter(({ key }) => text(key)?.startsWith('heartbeat-') !== true)
    .map(({ key, value }) => [text(key), text(value)]);

/** The state of a key: null is its tombstone. */
function state(topic: string, key: string, value: string | null, sequence: number): OutgoingRecord {
  return {
    topic,
    key: Buffer.from(key),
    value: value === null ? null : Buffer.from(value),
    headers: { epoch: Buffer.from('1'), sequence: Buffer.from(String(sequence)) },
  };
}

export function describeCompaction(suite: Suite): void {
  holds(
    suite,
    'M27',
    'the latest record of a key stays, what a tombstone ended is gone within the lag',
    async (scene) => {
      const topic = await scene.compacted(1_000);
      const { compact } = await scene.takeOver();
      await compact.send([state(topic, 'anna', 'a1', 1), state(topic, 'ben', 'b1', 2)]);
      await compact.send([state(topic, 'anna', 'a2', 3), state(topic, 'ben', null, 4)]);
      await compact.send([state(topic, 'anna', 'a3', 5)]);

      await eventually(
        async () => {
          await compact.send(heartbeats(topic));
          const left = pairs(await scene.everything(topic));
          expect(left).toContainEqual(['anna', 'a3']);
          expect(left.filter(([key]) => key === 'anna')).toHaveLength(1);
          expect(left).not.toContainEqual(['ben', 'b1']);
        },
        { withinMs: PATIENCE_MS },
      );
    },
    'compaction',
  );

  holds(
    suite,
    'M27',
    'who was taken over from cannot put an old record after its tombstone',
    async (scene) => {
      const topic = await scene.compacted();
      const paused = await scene.takeOver();
      await paused.compact.send([state(topic, 'anna', 'a1', 1)]);
      const successor = await scene.takeOver(scene.anotherLog());
      await successor.compact.send([state(topic, 'anna', 'a2', 2), state(topic, 'anna', null, 3)]);

      const late = await paused.compact.send([state(topic, 'anna', 'a2', 2)]).then(
        () => 'dropped',
        (error: unknown) => error,
      );
      if (late !== 'dropped') expect(late).toBeInstanceOf(Fenced);
      await successor.compact.send([state(topic, 'ben', 'b1', 4)]);

      const all = pairs(await scene.everything(topic));
      expect(all.filter(([key]) => key === 'anna').at(-1)).toEqual(['anna', null]);
      expect(all).toContainEqual(['ben', 'b1']);
    },
    'compaction',
  );

  holds(
    suite,
    'M27',
    'a send is taken whole or not at all, and a consumer passes what was rolled back',
    async (scene) => {
      const topic = await scene.compacted();
      const { compact } = await scene.takeOver();
      const stored = new StoredOffsets();
      const reader = await scene.reader(stored, { topics: [topic] });
      await compact.send([state(topic, 'anna', 'a1', 1)]);
      const huge = state(topic, 'anna', 'x'.repeat(2 << 20), 3);
      await expect(compact.send([state(topic, 'anna', 'a2', 2), huge])).rejects.toThrow(
        RecordRefused,
      );

      await eventually(async () => {
        const ends = await scene.log.endOffsets([topic]);
        const written = ends.filter(({ offset }) => offset > 0n);
        expect(written.map((at) => stored.of(at))).toEqual(written.map(({ offset }) => offset));
      });
      expect(reader.values()).toEqual(['a1']);
      expect(pairs(await scene.everything(topic))).toEqual([['anna', 'a1']]);

      // Still of use: nobody else has taken over.
      await compact.send([state(topic, 'anna', 'a4', 4)]);
      await eventually(() => reader.values().at(-1) === 'a4');
    },
    'compaction',
  );

  holds(
    suite,
    'M27',
    'its newest event is found behind markers, heartbeats and what was rolled back',
    async (scene) => {
      const topic = await scene.compacted();
      const { compact } = await scene.takeOver();
      expect(await newestPair(scene.log, [topic])).toBeUndefined();
      for (let sequence = 1; sequence <= 20; sequence += 1)
        await compact.send([state(topic, `key-${String(sequence % 3)}`, 'x', sequence)]);
      const huge = state(topic, 'key-20', 'x'.repeat(2 << 20), 22);
      await expect(compact.send([state(topic, 'key-20', 'x', 21), huge])).rejects.toThrow();
      for (let beat = 0; beat < 10; beat += 1) await compact.send(heartbeats(topic));

      expect(await newestPair(scene.log, [topic])).toEqual({ epoch: 1n, sequence: 20n });
    },
    'compaction',
  );
}
