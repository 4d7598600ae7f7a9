import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from '@jest/globals';
import { topics } from '@regulars/contracts';
import { LogConsumerStrategy, RecordRefused, type LogRecord } from '@regulars/messaging';
import { eventually } from '../eventually.js';
import { holds, PATIENCE_MS } from './conformance-test.js';
import type { Suite } from './describe-log-conformance.js';
import { effectsDatabase, numbered } from './effects.js';
import { PARTITIONS } from './scene.js';
import { StoredOffsets } from './stored-offsets.js';

const MIB = 1 << 20;
/** An idle member looks ever more rarely, after four seconds at last. */
const WATCHDOG_MS = 6_000;

export function describeLimits(suite: Suite): void {
  holds(
    suite,
    'M22',
    'a slow handler neither fills the memory nor loses its membership',
    async (scene) => {
      const body = 'x'.repeat(256 * 1024);
      for (let sent = 0; sent < 6; sent += 1)
        await scene.publish(
          Array.from({ length: 40 }, (_, key) => scene.record(`k${String(key)}`, body)),
        );
      const open = Promise.withResolvers<undefined>();
      const before = bytesHeld();
      const slow = await scene.reader(new StoredOffsets(), {
        maxBytes: MIB,
        onBatch: async (batch) => {
          // It does not tell the group that it lives: that is the adapter's task.
          await open.promise;
          return batch.nextOffset;
        },
      });
      await eventually(() => slow.batches.length > 0);
      // Longer than a session, and long enough to fetch everything, if it would.
      const longerThanASession = performance.now() + scene.provider.sessionMs + 2_000;
      await eventually(() => performance.now() > longerThanASession, { withinMs: PATIENCE_MS });
      // 60 MiB lie in the log.
      expect((bytesHeld() - before) / MIB).toBeLessThan(40);
      expect(slow.batches.length).toBeLessThanOrEqual(PARTITIONS);
      expect(slow.consumer.assignment()).toHaveLength(PARTITIONS);
      open.resolve(undefined);
      // Each once: what it was working off when the session was over is still its own.
      await eventually(() => slow.records.length >= 240, { withinMs: PATIENCE_MS });
      expect(slow.records).toHaveLength(240);
      expect(slow.consumer.assignment()).toHaveLength(PARTITIONS);
      expect(slow.fatal).toEqual([]);
    },
  );

  holds(
    suite,
    'M25',
    'a record that is too large is refused for good, and the next is taken',
    async (scene) => {
      const compacted = await scene.compacted();
      const { compact } = await scene.takeOver();
      const producer = await scene.log.producer();
      const targets = [
        { send: producer, topic: scene.topic },
        { send: compact, topic: compacted },
      ];
      for (const { send, topic } of targets) {
        const started = performance.now();
        await expect(
          send.send([{ ...scene.record('huge', 'x'.repeat(2 * MIB)), topic }]),
        ).rejects.toThrow(RecordRefused);
        // Tried again it would be for a minute.
        expect(performance.now() - started).toBeLessThan(30_000);
        await send.send([{ ...scene.record('small', 'y'), topic }]);
        expect((await scene.everything(topic)).map(textOf)).toEqual(['y']);
      }
    },
  );

  holds(
    suite,
    'M26',
    'a consumer that hangs everywhere is reported dead within the watchdog',
    async (scene) => {
      const topic = topics.product.name;
      await scene.log.ensureTopics([{ name: topic, partitions: PARTITIONS, cleanup: 'compact' }]);
      const database = await effectsDatabase();
      const fatal: Error[] = [];
      const strategy = new LogConsumerStrategy({
        group: scene.group,
        database,
        log: scene.log,
        observer: {
          passed: () => undefined,
          retrying: () => undefined,
          deadLettered: () => undefined,
          blocked: () => undefined,
        },
        notify: () => Promise.resolve(),
        onFatal: (error) => fatal.push(error),
        watchdogMs: WATCHDOG_MS,
      });
      let handled = 0;
      let hanging = false;
      strategy.addHandler('product', async (events: object[], context: { outcome?: object }) => {
        if (hanging) await new Promise<never>(() => undefined);
        handled += events.length;
        context.outcome = { ok: true };
      });
      try {
        await new Promise<void>((resolve, reject) => {
          strategy.listen((error) => {
            if (error) reject(new Error('It did not start.', { cause: error }));
            else resolve();
          });
        });
        const producer = await scene.log.producer();
        const everywhere = (number: number) =>
          Array.from({ length: 100 }, (_, key) =>
            numbered(topic, `${scene.group}-${String(key)}`, number),
          );
        await producer.send(everywhere(1));
        await eventually(() => handled >= 100);
        // Idle is not dead; it is looked at every quarter of the time.
        const idleUntil = performance.now() + 1.5 * WATCHDOG_MS;
        await eventually(() => performance.now() > idleUntil);
        expect(fatal).toEqual([]);

        hanging = true;
        await producer.send(everywhere(2));
        await eventually(() => fatal.length > 0, { withinMs: PATIENCE_MS });
        expect(fatal[0]?.message).toContain(
          `fetched and did nothing for ${String(WATCHDOG_MS)} ms`,
        );
      } finally {
        await strategy.close();
        await scene.end();
        await database.drop();
      }
    },
  );
}

const textOf = ({ value }: LogRecord): string => Buffer.from(value ?? []).toString();

/** What is in use, and not only not yet collected. */
function bytesHeld(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { external, heapUsed } = process.memoryUsage();
  return external + heapUsed;
}
