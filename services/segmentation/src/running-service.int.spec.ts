import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadServiceConfig } from '@regulars/config';
import { decodeEvent, encodeBody, topics, type StreamEvent } from '@regulars/contracts';
import { writeApiKeys } from '@regulars/http';
import { newId, SimulatedClock } from '@regulars/kernel';
import { createPostgresLog, type EventLog, type OutgoingRecord } from '@regulars/messaging';
import { Database } from '@regulars/persistence';
import { startService, topicSpecs, type RunningService } from '@regulars/service';
import { eventually, testDatabaseUrl } from '@regulars/testing';
import { aForecast } from './cycle-segment/events.builders.spec.js';
import { segmentation } from './segmentation.js';

/** The service in its frame, on a log of tables and a simulated clock; only prediction is played by the test. */
const name = `t_segmentation_${randomBytes(4).toString('hex')}`;
const clock = new SimulatedClock(new Date('2026-03-02T10:00:00Z'));
let admin: Database;
let log: EventLog;
let service: RunningService;
let folder: string;

beforeAll(async () => {
  admin = await Database.connect({ url: testDatabaseUrl(), schema: 'public', service: 'test' });
  await admin.dataSource.query(`create database ${name}`);
  const url = new URL(testDatabaseUrl());
  url.pathname = `/${name}`;
  folder = await mkdtemp(join(tmpdir(), 'regulars-keys-'));
  await writeApiKeys(join(folder, 'keys.json'), []);
  log = createPostgresLog({ databaseUrl: url.href });
  await log.ensureTopics(topicSpecs());
  const config = loadServiceConfig(
    {
      DATABASE_URL: url.href,
      REGULARS_PORT: '0',
      REGULARS_API_KEYS_FILE: join(folder, 'keys.json'),
      REGULARS_TIME_ZONE: 'Europe/Berlin',
      REGULARS_LOG_LEVEL: 'silent',
    },
    'segmentation',
  );
  service = await startService(segmentation, config, {
    clock,
    log,
    onFatal: (error) => {
      throw error;
    },
  });
  await service.flowing;
});

afterAll(async () => {
  await service.stop();
  await log.close();
  await admin.dataSource.query(`drop database ${name} with (force)`);
  await admin.close();
  await rm(folder, { recursive: true });
});

describe('the running service', () => {
  it('takes a forecast from the log, and at midnight of lostDay says lost without being asked', async () => {
    const customerId = newId();
    const seen = await segmentEvents();
    const producer = await log.producer();
    await producer.send([toRecord(aForecast(customerId))]);
    await eventually(() => expect(seen.map(({ data }) => data.to)).toEqual(['regular']));

    clock.jumpTo(new Date('2026-06-30T21:59:59Z'));
    service.timers.wake();
    clock.jumpTo(new Date('2026-06-30T22:00:00Z'));
    service.timers.wake();
    await eventually(() => expect(seen).toHaveLength(2));
    expect(seen[1]?.data).toMatchObject({ to: 'lost', cause: 'time', day: '2026-07-01' });
    await producer.close();
  });
});

function toRecord(event: StreamEvent<'forecast'>): OutgoingRecord {
  const text = { type: event.type, version: 1, id: event.id };
  const headers = { ...text, epoch: event.epoch, sequence: event.sequence };
  return {
    topic: topics.forecast.name,
    key: Buffer.from(event.key),
    value: Buffer.from(encodeBody(event, event.recordedAt, event.source, event.correlationId)),
    headers: Object.fromEntries(
      Object.entries(headers).map(([header, value]) => [header, Buffer.from(String(value))]),
    ),
  };
}

/** What campaigns and metrics would read: a list that grows. */
async function segmentEvents(): Promise<StreamEvent<'segment'>[]> {
  const seen: StreamEvent<'segment'>[] = [];
  const reader = log.consumer({
    group: 'reader',
    topics: [topics.segment.name],
    storedOffsets: () => Promise.resolve([]),
    onFatal: (error) => {
      throw error;
    },
    onBatch: ({ records, nextOffset }) => {
      for (const { key, headers, value } of records) {
        const text = Object.fromEntries(
          Object.entries(headers).map(([header, bytes]) => [header, Buffer.from(bytes).toString()]),
        );
        seen.push(decodeEvent('segment', Buffer.from(key ?? []).toString(), text, value));
      }
      return Promise.resolve(nextOffset);
    },
  });
  await reader.start();
  return seen;
}
