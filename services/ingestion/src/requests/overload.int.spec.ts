import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadServiceConfig } from '@regulars/config';
import { addApiKey, createApiKey } from '@regulars/http';
import { createPostgresLog, type EventLog } from '@regulars/messaging';
import { Database, sql } from '@regulars/persistence';
import { startService, type RunningService } from '@regulars/service';
import { eventually, testDatabaseUrl } from '@regulars/testing';
import { aPurchase } from '../ingestion-harness.spec.js';
import { ingestion } from '../ingestion.js';

/** The service as it runs, relay and log included. The relay's lock is held by somebody else until the test lets go. */
describe('a service whose relay is behind', () => {
  let admin: Database;
  let database: Database;
  let log: EventLog;
  let service: RunningService;
  let folder: string;
  let url: string;
  let key: string;
  let letRelayGo: () => void;
  let lockGone: Promise<void>;
  const name = `t_ingestion_${randomBytes(4).toString('hex')}`;

  beforeEach(async () => {
    admin = await Database.connect({ url: testDatabaseUrl(), schema: 'public', service: 'test' });
    await admin.dataSource.query(`create database ${name}`);
    const databaseUrl = new URL(testDatabaseUrl());
    databaseUrl.pathname = `/${name}`;
    folder = await mkdtemp(join(tmpdir(), 'regulars-keys-'));
    const made = createApiKey({ name: 't', scopes: ['admin'], createdBy: 't', now: new Date() });
    key = made.text;
    await addApiKey(join(folder, 'keys.json'), made.record);
    database = await Database.connect({
      url: databaseUrl.href,
      schema: 'public',
      service: 'test',
    });
    await new Promise<void>((locked, failed) => {
      lockGone = database
        .withTransaction(async (tx) => {
          await tx.query(sql`
            select pg_advisory_xact_lock(hashtextextended('regulars-relay-ingestion', 0)),
                   set_config('idle_in_transaction_session_timeout', '0', true)`);
          await new Promise<void>((go) => {
            letRelayGo = go;
            locked();
          });
        })
        .catch(failed);
    });
    log = createPostgresLog({ databaseUrl: databaseUrl.href });
  });
  afterEach(async () => {
    letRelayGo();
    await lockGone;
    await service.stop();
    await log.close();
    await database.close();
    await admin.dataSource.query(`drop database ${name} with (force)`);
    await admin.close();
    await rm(folder, { recursive: true });
  });

  async function start(env: Record<string, string>): Promise<void> {
    const config = loadServiceConfig(
      {
        DATABASE_URL: database.options.url,
        REGULARS_PORT: '0',
        REGULARS_API_KEYS_FILE: join(folder, 'keys.json'),
        REGULARS_LOG_LEVEL: 'silent',
        ...env,
      },
      'ingestion',
    );
    service = await startService(ingestion, config, {
      log,
      onFatal: (error) => {
        throw error;
      },
    });
    await service.flowing;
    url = await service.app.getUrl();
  }

  const post = async (path: string, body: unknown) => {
    const answer = await fetch(url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const { code } = (await answer.json()) as { code?: string };
    return { status: answer.status, code, retryAfter: answer.headers.get('retry-after') };
  };
  const purchase = () => post('/v1/purchases', aPurchase());
  const history = () =>
    post('/v1/purchases/batch', { items: [aPurchase({ imported: true }), aPurchase()] });

  it('refuses when too many events wait, but no opt-out, and takes all again once it has caught up', async () => {
    await start({ REGULARS_OUTBOX_MAX_ROWS: '10' });
    let taken = 0;
    await eventually(async () => {
      const { status } = await purchase();
      if (status === 503) return true;
      taken += 1;
      return false;
    });

    expect(await purchase()).toEqual({ status: 503, code: 'overloaded', retryAfter: '5' });
    expect((await history()).status).toBe(503);
    expect((await post('/v1/products/batch', { items: [] })).code).toBe('overloaded');
    const optOut = await post('/v1/consents', {
      customer: { phone: '+49 30 901820' },
      consents: [{ channel: 'sms', state: 'withdrawn', evidence: 'asked at the till' }],
    });
    expect(optOut.status).toBeLessThan(300);
    const [stored] = await database.query<{ count: number }>(
      sql`select count(*) as count from ingestion.purchases`,
    );
    expect(stored?.count).toBe(taken);

    letRelayGo();
    await eventually(async () => (await purchase()).status === 201);
  });

  it('lets history wait while anything is unsent for a second, and not what happens today', async () => {
    await start({});
    expect((await history()).status).toBe(200);
    await eventually(async () => (await history()).status === 503);

    expect(await history()).toEqual({ status: 503, code: 'overloaded', retryAfter: '1' });
    expect((await post('/v1/purchases/batch', { items: [aPurchase()] })).status).toBe(200);
    expect((await purchase()).status).toBe(201);

    letRelayGo();
    await eventually(async () => (await history()).status === 200);
  });
});
