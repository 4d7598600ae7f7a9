import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { RegularsError } from '@regulars/kernel';

export interface OnlyInstance {
  release(): Promise<void>;
}

/**
 * Makes sure that one standalone runs on a database: an advisory lock that lives as long as our connection. (A pid
 * file would outlive us.) A process killed a moment ago may hold it for another second.
 */
export async function becomeOnlyInstance(
  databaseUrl: string,
  where: string,
): Promise<OnlyInstance> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: 'regulars-standalone',
    keepAlive: true,
  });
  // Losing it means that Postgres went away; the services notice that by themselves.
  client.on('error', () => undefined);
  await client.connect();
  for (let attempt = 0; ; attempt += 1) {
    const { rows } = await client.query<{ mine: boolean }>(
      `select pg_try_advisory_lock(hashtextextended('regulars-standalone', 0)) as mine`,
    );
    if (rows[0]?.mine === true) return { release: () => client.end() };
    if (attempt >= 15) {
      await client.end();
      throw new RegularsError(
        'already-running',
        `Regulars runs on ${where} already. Stop that one first, or choose another folder with --data.`,
      );
    }
    await delay(200);
  }
}
