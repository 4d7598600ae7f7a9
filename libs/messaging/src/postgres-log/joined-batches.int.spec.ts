import { describe, expect, it } from '@jest/globals';
import { eventually } from '@regulars/testing';
import type { RecordBatch } from '../event-log.js';
import { aRecord, LogKit, textOf } from './log.kit.spec.js';

describe('small batches of a topic', () => {
  const kit = new LogKit();
  const records = Array.from({ length: 60 }, (_, i) => aRecord(`key-${String(i % 30)}`, String(i)));

  it('are handed over together, each partition in its order and once', async () => {
    const calls: (readonly RecordBatch[])[] = [];
    const { consumer } = kit.aConsumer(kit.log, {
      onBatches: (batches) => {
        calls.push(batches);
        return Promise.resolve(batches.map(({ nextOffset }) => nextOffset));
      },
      onBatch: (batch) => {
        calls.push([batch]);
        return Promise.resolve(batch.nextOffset);
      },
    });
    await (await kit.log.producer()).send(records);

    await consumer.start();

    const seen = () => calls.flat().flatMap((batch) => batch.records);
    await eventually(() => expect(seen()).toHaveLength(records.length));
    expect(calls).toHaveLength(1);
    for (const ofKey of Map.groupBy(seen(), ({ key }) => String(key)).values()) {
      const values = ofKey.map((record) => Number(textOf(record)));
      expect(values).toEqual(values.toSorted((a, b) => a - b));
    }
  });

  it('are handed over again from where each was left', async () => {
    const seen: string[] = [];
    let calls = 0;
    const { consumer } = kit.aConsumer(kit.log, {
      onBatches: (batches) => {
        calls += 1;
        // Of the first call only the first batch is done.
        const done = calls === 1 ? batches.slice(0, 1) : batches;
        seen.push(...done.flatMap((batch) => batch.records.map(textOf)));
        return Promise.resolve(
          batches.map((batch) =>
            done.includes(batch) ? batch.nextOffset : (batch.records[0]?.offset ?? 0n),
          ),
        );
      },
    });
    await (await kit.log.producer()).send(records);

    await consumer.start();

    await eventually(() => expect(seen).toHaveLength(records.length));
    expect(new Set(seen).size).toBe(records.length);
  });
});
