import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { matchApiKey, readApiKeys } from '@regulars/http';
import { addKeysCommand } from './keys-command.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'regulars-keys-'));
});
afterEach(async () => rm(folder, { recursive: true }));

async function create(...words: string[]): Promise<{ out: string; error: string; code: number }> {
  const out: string[] = [];
  const errors: string[] = [];
  let code = 0;
  const program = new Command()
    .exitOverride()
    .configureOutput({ writeErr: (text) => errors.push(text) });
  addKeysCommand(program, {
    env: { REGULARS_API_KEYS_FILE: join(folder, 'keys.json') },
    interactive: false,
    out: (line) => out.push(line),
    error: (line) => errors.push(line),
    exitWith: (wanted) => {
      code = wanted;
    },
  });
  await program.parseAsync(['node', 'regulars', 'keys', 'create', ...words]);
  return { out: out.join('\n'), error: errors.join('\n'), code };
}

describe('regulars keys create', () => {
  it('shows a key that works, once, and keeps only its hash', async () => {
    const { out } = await create('--name', 'till', '--scopes', 'purchases:write,customers:write');
    const other = await create(
      '--name',
      'reports',
      '--scopes',
      'reports:read',
      '--expires',
      '2030-01-31',
    );

    const path = join(folder, 'keys.json');
    const records = new Map((await readApiKeys(path)).map((record) => [record.id, record]));
    const now = new Date('2030-02-01T00:00:00Z');
    expect(matchApiKey(out, records, now)).toMatchObject({
      name: 'till',
      scopes: ['purchases:write', 'customers:write'],
    });
    expect(matchApiKey(other.out, records, now)).toBeUndefined();
    expect(await readFile(path, 'utf8')).not.toContain(out.slice(out.indexOf('_', 3) + 1));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('knows its scopes and days', async () => {
    await expect(create('--name', 'x', '--scopes', 'everything')).rejects.toThrow('is no scope');
    await expect(
      create('--name', 'x', '--scopes', 'admin', '--expires', '2030-02-30'),
    ).rejects.toThrow('Write a day');
  });

  it('says in one line why the file cannot be used', async () => {
    await writeFile(join(folder, 'keys.json'), 'no list');

    const broken = await create('--name', 'x', '--scopes', 'admin');
    const nowhere = await create(
      '--name',
      'x',
      '--scopes',
      'admin',
      '--file',
      '/no/such/folder/keys.json',
    );

    expect(broken).toMatchObject({ code: 1, out: '' });
    expect(broken.error).toMatch(/^regulars: [^\n]*is not a JSON list[^\n]*$/);
    expect(nowhere.error).toMatch(/^regulars: [^\n]*cannot be written[^\n]*$/);
  });
});
