import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { postgresUrl, serverPaths } from './running-postgres.js';

describe('the address of the embedded Postgres', () => {
  let parent: string;
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'r'));
  });
  afterEach(() => rm(parent, { recursive: true }));

  async function folderOf(name: string): Promise<string> {
    const folder = join(parent, name);
    await mkdir(folder);
    await writeFile(serverPaths(folder).passwordFile, 'secret\n');
    return folder;
  }

  it('names the socket, and the port for who knows no sockets', async () => {
    const folder = await folderOf('my data');

    const url = new URL(await postgresUrl(folder, { port: 5_432, socket: true }));

    expect(url.searchParams.get('host')).toBe(join(folder, 'postgres'));
    expect(url.host).toBe('127.0.0.1:5432');
  });

  it('names the port alone where there is no socket, or its path is longer than addresses are', async () => {
    const short = await folderOf('short');
    const long = await folderOf('x'.repeat(80));

    expect(await postgresUrl(short, { port: 5_432, socket: false })).toBe(
      'postgres://postgres:secret@127.0.0.1:5432/postgres',
    );
    expect(await postgresUrl(long, { port: 5_432, socket: true })).toBe(
      'postgres://postgres:secret@127.0.0.1:5432/postgres',
    );
  });
});
