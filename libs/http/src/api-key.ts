import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { isScope, type ScopeName } from './scope.js';

/** A key as it is stored: the secret itself is shown once, when it is made, and never kept. */
export interface ApiKeyRecord {
  readonly id: string;
  /** SHA-256 of the secret, hex. The secret is 256 random bits, so a slow hash would protect nothing more. */
  readonly hash: string;
  readonly scopes: readonly ScopeName[];
  readonly name: string;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly expiresAt?: string;
  readonly revokedAt?: string;
}

export interface NewApiKey {
  readonly name: string;
  readonly scopes: readonly ScopeName[];
  readonly createdBy: string;
  readonly now: Date;
  readonly expiresAt?: Date;
}

/** A new key: `text` goes to its owner, `record` into the file. */
export function createApiKey(wanted: NewApiKey): { text: string; record: ApiKeyRecord } {
  const id = randomBytes(8).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  return {
    text: `rk_${id}_${secret}`,
    record: {
      id,
      hash: hashOf(secret),
      scopes: [...wanted.scopes],
      name: wanted.name,
      createdBy: wanted.createdBy,
      createdAt: wanted.now.toISOString(),
      ...(wanted.expiresAt === undefined ? {} : { expiresAt: wanted.expiresAt.toISOString() }),
    },
  };
}

/** The record that `text` proves, if it is good at `now`. Takes the same time whatever is wrong with it. */
export function matchApiKey(
  text: string,
  records: ReadonlyMap<string, ApiKeyRecord>,
  now: Date,
): ApiKeyRecord | undefined {
  const [, id = '', secret = ''] = KEY.exec(text) ?? [];
  const record = records.get(id);
  // An unknown id is compared too, with a hash that nothing has: its answer takes as long as a wrong secret's.
  const same = timingSafeEqual(Buffer.from(hashOf(secret)), Buffer.from(record?.hash ?? NOBODY));
  return same && record !== undefined && isGood(record, now) ? record : undefined;
}

/** Whether a parsed entry of the keys file is a record we can trust. */
export function isApiKeyRecord(value: unknown): value is ApiKeyRecord {
  if (typeof value !== 'object' || value === null) return false;
  const entry = value as Record<string, unknown>;
  return (
    texts.every((name) => typeof entry[name] === 'string') &&
    /^[0-9a-f]{64}$/.test(String(entry['hash'])) &&
    Array.isArray(entry['scopes']) &&
    entry['scopes'].every((scope) => typeof scope === 'string' && isScope(scope)) &&
    instants.every((name) => entry[name] === undefined || isInstant(entry[name]))
  );
}

const KEY = /^rk_([A-Za-z0-9]{1,64})_([A-Za-z0-9_-]{43})$/;
const NOBODY = '0'.repeat(64);
const texts = ['id', 'hash', 'name', 'createdBy', 'createdAt'];
const instants = ['createdAt', 'expiresAt', 'revokedAt'];

function isGood(record: ApiKeyRecord, now: Date): boolean {
  if (record.revokedAt !== undefined) return false;
  return record.expiresAt === undefined || now.getTime() < Date.parse(record.expiresAt);
}

function isInstant(value: unknown): boolean {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}

function hashOf(secret: string): string {
  return hash('sha256', secret);
}
