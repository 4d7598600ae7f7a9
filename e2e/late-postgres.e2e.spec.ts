import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { startPostgres, type TestPostgres } from '@regulars/testing';
import { Child } from './house.ts';

jest.setTimeout(900_000);

describe('a standalone on a Postgres that others start', () => {
  let postgres: TestPostgres;
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'regulars-e2e-'));
    postgres = await startPostgres();
    await postgres.crash();
  });
  afterEach(async () => {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const start = (url = postgres.url) =>
    Child.run(['start', '--data', folder, '--port', '0'], { DATABASE_URL: url });
  const waits = () =>
    `Postgres at ${new URL(postgres.url).host} does not answer yet; waiting for it.\n`;

  it('waits until it is there, and says so once', async () => {
    const child = start();
    await child.said(/waiting for it/);

    await postgres.restart();

    await child.said(/Regulars runs/);
    expect(child.errors).toBe(waits());
    expect(await child.stop()).toEqual({ code: 0, signal: null });
  });

  it('ends in order when it is told to while it waits', async () => {
    const child = start();
    await child.said(/waiting for it/);

    expect(await child.stop()).toEqual({ code: 0, signal: null });
    expect(child.output).toBe(waits());
  });

  it('does not wait for what waiting cannot mend', async () => {
    await postgres.restart();
    const wrong = new URL(postgres.url);
    wrong.password = 'wrong';
    const child = start(wrong.href);

    expect(await child.ended).toEqual({ code: 1, signal: null });
    expect(child.output).not.toContain('waiting for it');
  });
});
