import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadServiceConfig } from '@regulars/config';
import { decodeEvent, encodeBody, topics } from '@regulars/contracts';
import { writeApiKeys } from '@regulars/http';
import { newId, SimulatedClock } from '@regulars/kernel';
import { createPostgresLog, type EventLog, type OutgoingRecord } from '@regulars/messaging';
import { Database, sql } from '@regulars/persistence';
import { startService, topicSpecs, type RunningService } from '@regulars/service';
import { eventually, testDatabaseUrl } from '@regulars/testing';
import { touchLines, type AnyEvent } from './campaigns.kit.spec.js';
import { campaigns } from './campaigns.js';
import { aDefinition } from './campaigns/campaign.builders.spec.js';
import { campaignStore } from './campaigns/campaign.store.js';
import { startCampaign } from './campaigns/run-campaign.use-case.js';
import { aBuyer, aPurchase } from './events.kit.spec.js';

/** The service in its frame, on a log of tables and a simulated clock; the other services are played by the test. */
const name = `t_campaigns_${randomBytes(4).toString('hex')}`;
const clock = new SimulatedClock(new Date('2026-01-10T12:00:00Z'));
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
    'campaigns',
  );
  service = await startService(campaigns, config, {
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
  it('shows every series at zero before traffic', async () => {
    const text = await service.metrics.registry.metrics();

    for (const series of [
      /^regulars_touches_total\{.*channel="email".*outcome="unknown".*\} 0$/m,
      /^regulars_touches_skipped_total\{.*reason="purchased".*\} 0$/m,
      /^regulars_touches_deferred_total\{.*reason="quiet-hours".*\} 0$/m,
      /^regulars_consent_delay_seconds_count\{.*\} 0$/m,
    ])
      expect(text).toMatch(series);
  });

  it('plans on what the log brings, captures when the time has come, and skips after a purchase', async () => {
    await service.database.withTransaction(async (tx) => {
      const id = newId();
      await campaignStore(tx).insert(id, aDefinition(), clock.now());
      const campaign = await campaignStore(tx).lock(id);
      if (campaign) await startCampaign(tx, campaign);
    });
    const seen = await touchEvents();
    const producer = await log.producer();
    const { customerId, events } = aBuyer('2026-01-10');

    await producer.send(events.map(toRecord));
    await eventually(() => expect(touchLines(seen)).toHaveLength(4));

    clock.jumpTo(new Date('2026-03-27T10:00:00Z'));
    service.timers.wake();
    await eventually(() => expect(touchLines(seen).at(-1)).toBe('TouchCaptured 1 due-day'));

    await producer.send([toRecord(aPurchase(customerId, '2026-03-28'))]);
    await eventually(() =>
      expect(touchLines(seen).slice(5)).toEqual(
        [2, 3, 4].map((step) => `TouchSkipped ${String(step)} purchased`),
      ),
    );
    expect(await service.database.query(sql`select id from dead_letters`)).toEqual([]);
    // The dispatcher looks every second whether there is something to send, and is not idle while it does.
    await eventually(() => service.probes.allIdle());
    await producer.close();
  });
});

function toRecord(event: AnyEvent): OutgoingRecord {
  if (event.type === 'Tombstone') throw new TypeError('This test sends no tombstones.');
  const text = { type: event.type, version: 1, id: event.id };
  const headers = { ...text, epoch: event.epoch, sequence: event.sequence };
  return {
    topic: topics[event.stream].name,
    key: Buffer.from(event.key),
    value: Buffer.from(encodeBody(event, event.recordedAt, event.source, event.correlationId)),
    headers: Object.fromEntries(
      Object.entries(headers).map(([header, value]) => [header, Buffer.from(String(value))]),
    ),
  };
}

/** What metrics and ingestion would read: a list that grows. */
async function touchEvents(): Promise<AnyEvent[]> {
  const seen: AnyEvent[] = [];
  const reader = log.consumer({
    group: 'reader',
    topics: [topics.touch.name],
    storedOffsets: () => Promise.resolve([]),
    onFatal: (error) => {
      throw error;
    },
    onBatch: ({ records, nextOffset }) => {
      for (const { key, headers, value } of records) {
        const text = Object.fromEntries(
          Object.entries(headers).map(([header, bytes]) => [header, Buffer.from(bytes).toString()]),
        );
        seen.push(decodeEvent('touch', Buffer.from(key ?? []).toString(), text, value));
      }
      return Promise.resolve(nextOffset);
    },
  });
  await reader.start();
  return seen;
}
