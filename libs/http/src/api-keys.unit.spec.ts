import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@regulars/testing';
import { createApiKey } from './api-key.js';
import { addApiKey, readApiKeys, revokeApiKey, writeApiKeys } from './api-keys-file.js';
import { ApiKeys } from './api-keys.js';

const now = new Date('2026-03-01T12:00:00Z');
const aKey = (expiresAt?: Date) =>
  createApiKey({
    name: 'till',
    scopes: ['purchases:write'],
    createdBy: 'ann',
    now,
    ...(expiresAt && { expiresAt }),
  });

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'regulars-keys-'));
  path = join(folder, 'keys.json');
});
afterEach(() => rm(folder, { recursive: true }));

describe('createApiKey', () => {
  it('shows the secret once and keeps its hash', () => {
    const { text, record } = aKey();

    expect(text).toMatch(/^rk_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$/);
    expect(text.split('_')[1]).toBe(record.id);
    expect(JSON.stringify(record)).not.toContain(text.slice(20));
  });
});

describe('the keys file', () => {
  it('is readable by its owner only and leaves no draft behind', async () => {
    await addApiKey(path, aKey().record);
    await addApiKey(path, aKey().record);

    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['keys.json']);
    expect(await readApiKeys(path)).toHaveLength(2);
  });

  it.each([
    ['no JSON', '[{"hash":"abc'],
    ['no list', '{}'],
    [
      'a record without hash',
      '[{"id":"a","scopes":[],"name":"","createdBy":"","createdAt":"2026-01-01"}]',
    ],
    ['an unknown scope', `[${JSON.stringify({ ...aKey().record, scopes: ['all'] })}]`],
    ['an expiry that is none', `[${JSON.stringify({ ...aKey().record, expiresAt: 'soon' })}]`],
  ])('is refused with %s, without telling what is in it', async (_what, text) => {
    await writeFile(path, text);
    const error: unknown = await readApiKeys(path).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ code: 'keys-malformed' });
    expect(String(error)).not.toContain('abc');
  });
});

describe('ApiKeys', () => {
  it('refuses to start without the file and says what to do', async () => {
    await expect(ApiKeys.open(path)).rejects.toThrow(/REGULARS_API_KEYS_FILE/);
  });

  it('knows an expired key from the moment of its expiry', async () => {
    const { text, record } = aKey(now);
    await writeApiKeys(path, [record]);
    const at = (instant: Date) => openAt(instant).then((keys) => keys.match(text));

    expect(await at(new Date(now.getTime() - 1))).toEqual(record);
    expect(await at(now)).toBeUndefined();
  });

  it('lets two keys overlap while one is replaced', async () => {
    const old = aKey();
    const fresh = aKey();
    await writeApiKeys(path, [old.record, fresh.record]);
    const keys = await openAt(now);

    expect(keys.match(old.text)).toEqual(old.record);
    expect(keys.match(fresh.text)).toEqual(fresh.record);
  });

  it('notices a revocation when it looks again', async () => {
    const { text, record } = aKey();
    await writeApiKeys(path, [record]);
    const keys = await openAt(now);
    await revokeApiKey(path, record.id, now);
    await keys.refresh();

    expect(keys.match(text)).toBeUndefined();
  });

  it('looks by itself, again and again', async () => {
    const { text, record } = aKey();
    await writeApiKeys(path, [record]);
    const keys = await ApiKeys.open(path, { everyMs: 5 });
    try {
      await revokeApiKey(path, record.id, now);
      await eventually(() => keys.match(text) === undefined);
      await writeApiKeys(path, [record]);
      await eventually(() => keys.match(text) !== undefined);
    } finally {
      keys.close();
    }
  });

  it('lets nobody in while the file is broken, and all again when it is mended', async () => {
    const { text, record } = aKey();
    await writeApiKeys(path, [record]);
    const errors: unknown[] = [];
    const keys = await openAt(now, (error) => errors.push(error));
    const good = await readFile(path, 'utf8');
    await writeFile(path, 'broken');
    await keys.refresh();

    expect(() => keys.match(text)).toThrow(/keys cannot be read right now/);
    expect(errors).toHaveLength(1);

    await writeFile(path, good);
    await keys.refresh();
    expect(keys.match(text)).toEqual(record);
  });

  async function openAt(instant: Date, onError?: (error: unknown) => void): Promise<ApiKeys> {
    const keys = await ApiKeys.open(path, {
      clock: { now: () => instant, ticking: false },
      ...(onError && { onError }),
    });
    keys.close(); // the tests look by themselves
    return keys;
  }
});
