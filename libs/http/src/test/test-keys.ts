import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApiKey } from '../api-key.js';
import { writeApiKeys } from '../api-keys-file.js';
import { ApiKeys } from '../api-keys.js';
import type { ScopeName } from '../scope.js';

export interface TestKeys {
  readonly path: string;
  readonly keys: ApiKeys;
  /** Text of a key with these scopes. */
  readonly text: Readonly<Record<'till' | 'reader' | 'admin' | 'revoked' | 'expired', string>>;
  remove(): Promise<void>;
}

/** A keys file of its own, in a folder of its own. */
export async function testKeys(): Promise<TestKeys> {
  const folder = await mkdtemp(join(tmpdir(), 'regulars-keys-'));
  const path = join(folder, 'keys.json');
  const till = aKey(['purchases:write']);
  const reader = aKey(['customers:read']);
  const admin = aKey(['admin']);
  const revoked = aKey(['admin']);
  const expired = aKey(['admin'], new Date('2020-01-01T00:00:00Z'));
  await writeApiKeys(path, [
    till.record,
    reader.record,
    admin.record,
    { ...revoked.record, revokedAt: '2025-01-01T00:00:00Z' },
    expired.record,
  ]);
  const keys = await ApiKeys.open(path, { everyMs: 20 });
  return {
    path,
    keys,
    text: {
      till: till.text,
      reader: reader.text,
      admin: admin.text,
      revoked: revoked.text,
      expired: expired.text,
    },
    async remove() {
      keys.close();
      await rm(folder, { recursive: true });
    },
  };
}

function aKey(scopes: readonly ScopeName[], expiresAt?: Date) {
  return createApiKey({
    name: 'test',
    scopes,
    createdBy: 'test',
    now: new Date('2019-01-01T00:00:00Z'),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  });
}
