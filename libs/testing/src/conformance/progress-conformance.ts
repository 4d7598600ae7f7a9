import { expect } from '@jest/globals';
import { FatalConsumerError, LogUnavailable } from '@regulars/messaging';
import { eventually } from '../eventually.js';
import { holds, PATIENCE_MS } from './conformance-test.js';
import type { Suite } from './describe-log-conformance.js';
import type { Scene } from './scene.js';
import { StoredOffsets } from './stored-offsets.js';

const many = (scene: Scene, count: number) =>
  Array.from({ length: count }, (_, index) =>
    scene.record(`k${String(index)}`, `v${String(index)}`),
  );

export function describeProgress(suite: Suite): void {
  holds(suite, 'M4', 'no acknowledgement, no advance', async (scene) => {
    await scene.publish(many(scene, 30));
    const stored = new StoredOffsets();
    const deaf = await scene.reader(stored, {
      maxRecords: 1,
      onBatch: (batch) => Promise.resolve(batch.records[0]?.offset ?? 0n),
    });
    await eventually(() => deaf.batches.length > 20);
    await deaf.consumer.close();
    expect(deaf.batches.map(({ records }) => records[0]?.offset)).not.toContain(1n);
    expect(deaf.records).toEqual([]);

    const next = await scene.reader(stored);
    await eventually(() => next.records.length === 30);
  });

  holds(suite, 'M5', 'a refused batch is delivered again, to the next member', async (scene) => {
    await scene.publish(many(scene, 10));
    const stored = new StoredOffsets();
    const failing = await scene.reader(stored, { onBatch: () => Promise.reject(new Error('no')) });
    await eventually(() => failing.fatal.length > 0);
    expect(failing.fatal).toEqual([expect.any(FatalConsumerError)]);
    await failing.consumer.close();

    const next = await scene.reader(stored);
    await eventually(() => next.records.length === 10);
  });

  holds(suite, 'M5', 'while a batch waits, other partitions go on', async (scene) => {
    const gate = Promise.withResolvers<true>();
    let waiting: number | undefined;
    const reader = await scene.reader(new StoredOffsets(), {
      onBatch: async (batch) => {
        waiting ??= batch.partition;
        if (batch.partition === waiting) await gate.promise;
        return batch.nextOffset;
      },
    });
    await scene.publish(many(scene, 60));
    await eventually(() => reader.batches.length >= 10);
    await scene.publish(many(scene, 60));

    const ends = await scene.log.endOffsets([scene.topic]);
    const heldUp = Number(ends.find(({ partition }) => partition === waiting)?.offset);
    await eventually(() => reader.records.length === 120 - heldUp);
    expect(reader.batches.filter(({ partition }) => partition === waiting)).toHaveLength(1);
    gate.resolve(true);
    await eventually(() => reader.records.length === 120);
  });

  holds(
    suite,
    'M11',
    'closing during a batch, twice at once and once more, loses nothing',
    async (scene) => {
      await scene.publish(many(scene, 50));
      const stored = new StoredOffsets();
      const gate = Promise.withResolvers<true>();
      const first = await scene.reader(stored, {
        // However long the machine stands still after the gate is open.
        log: scene.anotherLog(PATIENCE_MS),
        maxRecords: 3,
        onBatch: async (batch) => {
          await gate.promise;
          return batch.nextOffset;
        },
      });
      await eventually(() => first.batches.length > 0);

      const closes = [first.consumer.close(), first.consumer.close()];
      expect(first.batches[0]?.isOwned()).toBe(false);
      gate.resolve(true);
      await Promise.all(closes);
      await first.consumer.close();
      const handled = first.batches.length;
      expect(first.consumer.assignment()).toEqual([]);

      const next = await scene.reader(stored);
      await eventually(() => first.records.length + next.records.length === 50);
      expect(new Set([...first.values(), ...next.values()]).size).toBe(50);
      expect(first.batches).toHaveLength(handled);
      expect(first.fatal).toEqual([]);
    },
  );

  holds(suite, 'M11', 'closing before the start is done neither hangs nor joins', async (scene) => {
    const stored = new StoredOffsets();
    const log = scene.anotherLog();
    const consumer = log.consumer({
      group: scene.group,
      topics: [scene.topic],
      onBatch: (batch) => Promise.resolve(batch.nextOffset),
      storedOffsets: () => Promise.resolve(stored.all()),
      onFatal: () => undefined,
    });
    const started = consumer.start().then(
      () => 'joined',
      (error: unknown) => (error instanceof LogUnavailable ? 'closed' : error),
    );
    await consumer.close();
    expect(['joined', 'closed']).toContain(await started);

    await scene.publish(many(scene, 5));
    const next = await scene.reader(stored);
    await eventually(() => next.records.length === 5);
  });

  holds(
    suite,
    'M12',
    'a publisher closed under load settles every publish; what resolved can be read',
    async (scene) => {
      const producer = await scene.log.producer();
      const sends = Array.from({ length: 300 }, (_, index) =>
        producer.send([scene.record(`k${String(index)}`, `v${String(index)}`)]).then(
          () => `v${String(index)}`,
          (error: unknown) => error as Error,
        ),
      );
      await sends[20];
      const closed = Promise.all([producer.close(), producer.close()]);
      sends.push(
        producer.send([scene.record('late', 'late')]).then(
          () => 'late',
          (e: unknown) => e as Error,
        ),
      );
      const outcomes = await Promise.all(sends);
      await closed;

      expect(outcomes.at(-1)).toBeInstanceOf(LogUnavailable);
      for (const outcome of outcomes) {
        if (typeof outcome !== 'string') expect(outcome).toBeInstanceOf(LogUnavailable);
      }
      const resolved = outcomes.filter((outcome) => typeof outcome === 'string');
      expect(resolved.length).toBeGreaterThan(20);
      const reader = await scene.reader(new StoredOffsets());
      await eventually(() => {
        expect(reader.values()).toEqual(expect.arrayContaining(resolved));
      });
    },
  );

  holds(suite, 'M12', 'what a publish resolved for is in the log at once', async (scene) => {
    const producer = await scene.log.producer();
    for (let sent = 1n; sent <= 10n; sent += 1n) {
      await producer.send([scene.record(`k${String(sent)}`)]);
      const ends = await scene.log.endOffsets([scene.topic]);
      expect(ends.reduce((sum, { offset }) => sum + offset, 0n)).toBe(sent);
    }
  });

  holds(
    suite,
    'M23',
    'where the log is ahead of the stored offset nothing is skipped',
    async (scene) => {
      await scene.publish(many(scene, 60));
      const stored = new StoredOffsets();
      const first = await scene.reader(stored);
      await eventually(() => first.records.length === 60);
      await first.consumer.close();

      // A restored backup: two partitions further back, one without a row; no further record comes.
      const restored = new StoredOffsets();
      const kept = stored.all().slice(3);
      for (const at of kept) restored.set(at);
      for (const at of stored.all().slice(0, 2)) restored.set({ ...at, offset: 1n });
      const missing =
        stored
          .all()
          .slice(0, 3)
          .reduce((sum, { offset }) => sum + offset, 0n) - 2n;

      const second = await scene.reader(restored);
      await eventually(() => BigInt(second.records.length) === missing);
      expect(restored.all()).toEqual(expect.arrayContaining(stored.all()));
    },
  );

  holds(
    suite,
    'M24',
    'a stored offset that the log does not have is a named fatal error',
    async (scene) => {
      await scene.publish(many(scene, 30));
      const stored = new StoredOffsets();
      stored.set({ topic: scene.topic, partition: 0, offset: 1_000n });
      const fatal: Error[] = [];
      const consumer = scene.log.consumer({
        group: scene.group,
        topics: [scene.topic],
        onBatch: (batch) => Promise.resolve(batch.nextOffset),
        storedOffsets: () => Promise.resolve(stored.all()),
        onFatal: (error) => fatal.push(error),
      });
      const started = consumer.start().catch((error: unknown) => error);
      await eventually(() => fatal.length > 0);
      expect(fatal).toEqual([expect.any(FatalConsumerError)]);
      expect(fatal[0]?.message).toMatch(/range/);
      await consumer.close();
      await started;
    },
  );
}
