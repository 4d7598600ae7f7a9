import { chmod, open, readFile, rename, rm } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { RegularsError } from '@regulars/kernel';
import { isApiKeyRecord, type ApiKeyRecord } from './api-key.js';

/** Reads a keys file: a JSON list of records. */
export async function readApiKeys(path: string): Promise<ApiKeyRecord[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new RegularsError(
      'keys-unreadable',
      `The API keys file ${path} cannot be read. Create it, or point REGULARS_API_KEYS_FILE to it.`,
      { cause },
    );
  });
  const entries = parseList(text, path);
  const wrong = entries.findIndex((entry) => !isApiKeyRecord(entry));
  if (wrong >= 0) {
    throw new RegularsError(
      'keys-malformed',
      `Entry ${String(wrong)} of the API keys file ${path} is not a key record: it needs id, hash (64 hex digits), scopes, name, createdBy, createdAt.`,
    );
  }
  return entries as ApiKeyRecord[];
}

/** Replaces the file in one step, readable by its owner only: a reader sees the old list or the new one. */
export async function writeApiKeys(path: string, records: readonly ApiKeyRecord[]): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(records, null, 2)}\n`);
    await file.sync();
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  await chmod(draft, 0o600);
  await rename(draft, path);
}

/** Adds one key; makes the file when there is none. */
export async function addApiKey(path: string, record: ApiKeyRecord): Promise<void> {
  await writeApiKeys(path, [...(await readOrEmpty(path)), record]);
}

/** Revokes a key by its visible id; false when there is none with it. */
export async function revokeApiKey(path: string, id: string, now: Date): Promise<boolean> {
  const records = await readApiKeys(path);
  if (!records.some((record) => record.id === id)) return false;
  const revokedAt = now.toISOString();
  await writeApiKeys(
    path,
    records.map((record) => (record.id === id ? { revokedAt, ...record } : record)),
  );
  return true;
}

async function readOrEmpty(path: string): Promise<ApiKeyRecord[]> {
  try {
    return await readApiKeys(path);
  } catch (error) {
    const cause = error instanceof RegularsError ? error.cause : undefined;
    if ((cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return [];
    throw error;
  }
}

function parseList(text: string, path: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(text);
    if (Array.isArray(parsed)) return parsed;
  } catch (cause) {
    // The parser's message would quote the text, and with it hashes.
    if (!(cause instanceof SyntaxError)) throw cause;
  }
  throw new RegularsError('keys-malformed', `The API keys file ${path} is not a JSON list.`);
}
