import { MetricsRegistry } from '@regulars/observability';
import type { EventProducer, OutgoingRecord } from '@regulars/messaging';
import { Relay, relayStore } from '@regulars/outbox';
import { sql } from '@regulars/persistence';
import { topicSpecs } from '@regulars/service';
import { openIngestion } from '../lib/ingestion-house.ts';
import type { Mode } from '../lib/mode.ts';
import type { Target } from '../pairs.ts';

const ROWS = 10_000;
const BATCH = 500;
const TOPIC = 'regulars.purchase.v1';

/** P3: the relay, order per key kept, against the slower of its two halves: the outbox alone (Q) and the log alone (K). */
export async function relay(mode: Mode): Promise<Target> {
  const house = await openIngestion(mode, { relays: false });
  const { database, log } = house;
  await log.ensureTopics(topicSpecs());
  const producer = await log.producer();
  const fill = async (): Promise<void> => {
    await database.query(sql`
      insert into outbox (epoch, id, topic, key, type, version, value)
      select (select epoch from outbox_epoch), gen_random_uuid(), ${TOPIC}, convert_to('customer-' || n % 500, 'UTF8'),
             'PurchaseRecorded', 1, convert_to(repeat('x', 300), 'UTF8')
      from generate_series(1, ${ROWS}::int) n`);
    await database.query(sql`
      insert into outbox_counts as c (backend, written) values (0, ${ROWS})
      on conflict (backend) do update set written = c.written + excluded.written`);
  };
  const timed = async (work: () => Promise<void>): Promise<number> => {
    const startedAt = performance.now();
    await work();
    return ROWS / ((performance.now() - startedAt) / 1_000);
  };
  return {
    id: 'P3',
    what: 'relay from the outbox to the log ÷ the slower of outbox alone (Q) and log alone (K)',
    unit: 'rows/s',
    floor: 0.35,
    stretch: 0.6,
    measurePair: async () => {
      const read: OutgoingRecord[] = [];
      await fill();
      const outboxAlone = await timed(async () => {
        const store = relayStore(database);
        for (;;) {
          const rows = await store.readUnsent(BATCH);
          if (rows.length === 0) return;
          read.push(...rows.map(({ record }) => record));
          await store.removeSent(rows.map(({ sequence }) => sequence));
        }
      });
      const logAlone = await timed(() => append(producer, read));
      await fill();
      const whole = new Relay({
        database,
        log,
        metrics: new MetricsRegistry('bench'),
        onError: (error) => {
          throw error;
        },
        pollMs: 5,
      });
      const ours = await timed(async () => {
        whole.start();
        while (!(await whole.idle())) await new Promise((resolve) => setTimeout(resolve, 5));
      });
      await whole.stop();
      return { ours, yardstick: Math.min(outboxAlone, logAlone) };
    },
    close: async () => {
      await producer.close();
      await house.close();
    },
  };
}

async function append(producer: EventProducer, records: readonly OutgoingRecord[]): Promise<void> {
  for (let from = 0; from < records.length; from += BATCH)
    await producer.send(records.slice(from, from + BATCH));
}
