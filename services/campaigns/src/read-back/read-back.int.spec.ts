import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadServiceConfig } from '@regulars/config';
import { encodeBody, topics } from '@regulars/contracts';
import { writeApiKeys } from '@regulars/http';
import { newId, SimulatedClock } from '@regulars/kernel';
import { createPostgresLog, type EventLog, type OutgoingRecord } from '@regulars/messaging';
import { Database, sql } from '@regulars/persistence';
import { startService, topicSpecs, type RunningService } from '@regulars/service';
import { eventually, testDatabaseUrl } from '@regulars/testing';
import type { AnyEvent } from '../campaigns.kit.spec.js';
import { campaigns } from '../campaigns.js';
import { aDefinition } from '../campaigns/campaign.builders.spec.js';
import { campaignStore } from '../campaigns/campaign.store.js';
import { startCampaign } from '../campaigns/run-campaign.use-case.js';
import { aBuyer } from '../events.kit.spec.js';

/** The service and its log in databases of their own: a backup of the one is put back, the other knows better. */
describe('a start after a restore', () => {
  let admin: Database;
  let log: EventLog;
  let clock: SimulatedClock;
  let folder: string;
  let service: RunningService | undefined;
  const tag = randomBytes(4).toString('hex');
  const names = { own: `t_own_${tag}`, log: `t_log_${tag}`, backup: `t_backup_${tag}` };
  const urlOf = (name: string) =>
    Object.assign(new URL(testDatabaseUrl()), { pathname: `/${name}` }).href;
  const run = (text: string) => admin.dataSource.query(text);

  beforeEach(async () => {
    admin = await Database.connect({ url: testDatabaseUrl(), schema: 'public', service: 'test' });
    await run(`create database ${names.own}`);
    await run(`create database ${names.log}`);
    clock = new SimulatedClock(new Date('2026-01-10T12:00:00Z'));
    folder = await mkdtemp(join(tmpdir(), 'regulars-keys-'));
    await writeApiKeys(join(folder, 'keys.json'), []);
    log = createPostgresLog({ databaseUrl: urlOf(names.log) });
    await log.ensureTopics(topicSpecs());
  });
  afterEach(async () => {
    await service?.stop();
    await log.close();
    for (const name of Object.values(names))
      await run(`drop database if exists ${name} with (force)`);
    await admin.close();
    await rm(folder, { recursive: true });
  });

  async function start(restored = false): Promise<RunningService> {
    const config = loadServiceConfig(
      {
        DATABASE_URL: urlOf(names.own),
        REGULARS_PORT: '0',
        REGULARS_API_KEYS_FILE: join(folder, 'keys.json'),
        REGULARS_TIME_ZONE: 'Europe/Berlin',
        REGULARS_LOG_LEVEL: 'silent',
      },
      'campaigns',
    );
    const started = await startService(campaigns, config, {
      clock,
      log,
      restored,
      onFatal: (error) => {
        throw error;
      },
    });
    service = started;
    await started.flowing;
    return started;
  }

  const states = async () =>
    (
      await service?.database.query<{ line: string }>(
        sql`select step || ' ' || state || ' ' || reason as line from touches order by step`,
      )
    )?.map(({ line }) => line);

  /** A ladder of four steps that is planned and published, then the backup. */
  async function planAndBackUp(): Promise<void> {
    const before = await start();
    await before.database.withTransaction(async (tx) => {
      const id = newId();
      await campaignStore(tx).insert(id, aDefinition(), clock.now());
      const campaign = await campaignStore(tx).lock(id);
      if (campaign) await startCampaign(tx, campaign);
    });
    const producer = await log.producer();
    await producer.send(aBuyer('2026-01-10').events.map(toRecord));
    await eventually(async () => expect(await states()).toHaveLength(4));
    await published('TouchPlanned', 4);
    await before.stop();
    await run(`create database ${names.backup} template ${names.own}`);
  }

  async function putBack(): Promise<void> {
    await service?.stop();
    await run(`drop database ${names.own} with (force)`);
    await run(`create database ${names.own} template ${names.backup}`);
  }

  async function types(): Promise<string[]> {
    const found: string[] = [];
    for (let partition = 0; partition < 12; partition += 1) {
      const { records } = await log.read({ topic: topics.touch.name, partition, offset: 0n });
      found.push(...records.map(({ headers }) => Buffer.from(headers['type'] ?? []).toString()));
    }
    return found;
  }
  const published = (type: string, count: number) =>
    eventually(async () => expect((await types()).filter((t) => t === type)).toHaveLength(count));

  it('takes over what has left, and sends it no second time', async () => {
    await planAndBackUp();
    clock.jumpTo(new Date('2026-03-27T10:00:00Z'));
    const lost = await start();
    lost.timers.wake();
    await published('TouchCaptured', 1);

    await putBack();
    const again = await start();
    expect((await states())?.[0]).toBe('1 captured due-day');
    again.timers.wake();
    clock.jumpTo(new Date('2026-03-28T10:00:00Z'));
    again.timers.wake();
    await eventually(async () => expect(await again.probes.allIdle()).toBe(true));
    await eventually(async () =>
      expect(
        await again.database.query(sql`select id from timers where due_at <= ${clock.now()}`),
      ).toEqual([]),
    );
    expect((await types()).filter((type) => type === 'TouchCaptured')).toHaveLength(1);
    const [row] = await again.database.query<{ at: Date | null }>(
      sql`select restored_at as at from outbox_epoch`,
    );
    expect(row?.at).toBeNull();
  });

  it('takes for unknown what was due since the newest event, where the data was restored', async () => {
    await planAndBackUp();
    clock.jumpTo(new Date('2026-03-27T10:00:00Z'));
    await putBack();
    const again = await start(true);

    expect((await states())?.[0]).toBe('1 unknown restored');
    expect((await states())?.slice(1).every((line) => line.includes(' planned '))).toBe(true);
    await published('TouchUnknown', 1);
    again.timers.wake();
    await eventually(async () => expect(await again.probes.allIdle()).toBe(true));
    expect((await types()).filter((type) => type === 'TouchCaptured')).toEqual([]);
    expect(await again.database.query(sql`select restored_at as at from outbox_epoch`)).toEqual([
      { at: null },
    ]);
    const own = await again.database.query(sql`
      select sum(next_offset)::int as sum from consumer_positions where topic = ${topics.touch.name}`);
    expect(own).toEqual([{ sum: 4 }]);
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
