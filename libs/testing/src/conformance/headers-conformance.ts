import { randomBytes } from 'node:crypto';
import { expect } from '@jest/globals';
import { serviceNames, topics, type Cause, type Consumed, type Stream } from '@regulars/contracts';
import { newId } from '@regulars/kernel';
import {
  BatchProcessor,
  deadLetterStore,
  messagingMigrations,
  redrive,
  type RunHandler,
} from '@regulars/messaging';
import { MetricsRegistry } from '@regulars/observability';
import { outbox, outboxMigrations, raiseEpoch, Relay } from '@regulars/outbox';
import { eventually } from '../eventually.js';
import { testDatabase } from '../postgres/test-database.js';
import { holds, PATIENCE_MS } from './conformance-test.js';
import type { Suite } from './describe-log-conformance.js';
import { PARTITIONS } from './scene.js';

export function describeHeaders(suite: Suite): void {
  holds(
    suite,
    'M28',
    'trace and correlation survive relay, retry, dead letter and redrive',
    async (scene) => {
      const { log, group } = scene;
      const own = Object.values(topics).filter(({ producer }) => producer === serviceNames[0]);
      await log.ensureTopics(
        own.map(({ name, cleanup }) => ({ name, partitions: PARTITIONS, cleanup })),
      );
      const database = await testDatabase({
        service: 'ingestion',
        migrations: [...messagingMigrations, ...outboxMigrations],
      });
      await raiseEpoch(database);
      const relay = new Relay({
        database,
        log,
        metrics: new MetricsRegistry('ingestion'),
        onError: () => undefined,
      });
      const key = `m28-${randomBytes(4).toString('hex')}`;
      const cause = {
        trace: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        correlationId: newId(),
        causationId: newId(),
      };
      const seen: object[] = [];
      let mended = false;
      const run: RunHandler = (events) => {
        const ours = events.filter((event) => event.key === key);
        for (const event of ours) seen.push(headersOf(event));
        return mended || ours.length === 0 ? Promise.resolve() : Promise.reject(new TypeError('x'));
      };
      const handlers = new Map([['product' as const, run]]);
      const processor = new BatchProcessor({
        group,
        database,
        handlers,
        observer: {
          passed: () => undefined,
          retrying: () => undefined,
          deadLettered: () => undefined,
          blocked: () => undefined,
        },
        settings: { conflictDelayMs: 20 },
        notify: () => Promise.resolve(),
      });
      const consumer = log.consumer({
        group,
        topics: [topics.product.name],
        onBatch: (batch) => processor.process(batch),
        storedOffsets: (assigned) => processor.storedOffsets(assigned),
        onFatal: () => undefined,
      });
      try {
        relay.start();
        await consumer.start();
        await database.withTransaction((tx) =>
          outbox(tx).add([
            {
              stream: 'product',
              type: 'ProductChanged',
              key,
              occurredAt: new Date('2026-03-29T00:00:00Z'),
              data: { productId: key, titles: {}, goesWith: [] },
              causedBy: cause,
            },
          ]),
        );
        const letters = deadLetterStore(database, group);
        const [dead] = await eventually(
          async () => {
            const found = await letters.list('dead', 0, 10);
            return found.length > 0 && found;
          },
          { withinMs: PATIENCE_MS },
        );
        mended = true;
        const by = 'operator';
        const result = await redrive(dead?.id ?? 0, { group, database, handlers, log, by });
        expect(result).toMatchObject({ result: 'redriven' });

        // Three tries and the redrive, and one more for each time that a batch shared with others was halved.
        expect(seen.length).toBeGreaterThanOrEqual(4);
        expect(seen).toEqual(seen.map(() => cause));
      } finally {
        await consumer.close();
        await relay.stop();
        await scene.end();
        await database.drop();
      }
    },
  );
}

function headersOf(event: Consumed<Stream>): object {
  const { trace, correlationId, causationId } = event as Partial<typeof event> & Cause;
  return { trace, correlationId, causationId };
}
