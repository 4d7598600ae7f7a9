import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * First start of docker-compose.yml: a password of its own for Postgres, the address that holds it, and a keys file
 * without a key. What is there stays, so every later start goes on with it.
 */
const folder = process.argv[2] ?? '/run/regulars';

await make('postgres-password', randomBytes(24).toString('base64url'), 0o444);
const password = await readFile(join(folder, 'postgres-password'), 'utf8');
await make('database-url', `postgres://postgres:${password}@postgres:5432/regulars`, 0o400);
await make('api-keys.json', '[]\n', 0o600);

async function make(name, text, mode) {
  try {
    await writeFile(join(folder, name), text, { flag: 'wx', mode });
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
}
