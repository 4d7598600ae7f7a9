import type { Client, Connection, Submittable } from 'pg';
import pg from 'pg';
import { newId } from '@regulars/kernel';

/** A second or two of copying: less is a lottery. */
const ROWS = 80_000;
const ROWS_A_CHUNK = 500;

/** C: rows a second of one `COPY` stream into a table like ingestion's purchases, indexes included. */
export async function copyYardstick(databaseUrl: string): Promise<() => Promise<number>> {
  await connected(databaseUrl, async (client) => {
    await client.query(`
      create schema yardstick;
      create table yardstick.purchases (like ingestion.purchases including all)`);
  });
  return () => copyPurchases(databaseUrl, 'yardstick.purchases', ROWS);
}

/** Copies so many purchases into a table; answers rows a second. */
export function copyPurchases(databaseUrl: string, table: string, rows: number): Promise<number> {
  return connected(databaseUrl, async (client) => {
    const chunks = Array.from({ length: rows / ROWS_A_CHUNK }, chunk);
    const startedAt = performance.now();
    await copy(client, `copy ${table} from stdin`, chunks);
    return rows / ((performance.now() - startedAt) / 1_000);
  });
}

async function connected<T>(url: string, run: (client: Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
}

function chunk(): Buffer {
  const lines = Array.from({ length: ROWS_A_CHUNK }, () => {
    const id = newId();
    const line = `[{"productId":"coffee-1kg","category":"food/coffee","quantity":2,"amountMinor":12990}]`;
    return [
      ...[
        id,
        newId(),
        'bench',
        id,
        1,
        '2026-01-15',
        '2026-01-15T13:30:00Z',
        'Europe/Berlin',
        'EUR',
      ],
      ...[12_990, 0, line, 'f', '{}', `\\\\x${'ab'.repeat(32)}`, '2026-01-15T13:30:01Z', '\\N'],
    ].join('\t');
  });
  return Buffer.from(`${lines.join('\n')}\n`);
}

/** What `pg` has for COPY below its public face. */
interface CopyConnection extends Connection {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

function copy(client: Client, statement: string, chunks: readonly Buffer[]): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const submittable = {
    submit: (connection: CopyConnection) => {
      connection.query(statement);
    },
    handleCopyInResponse: (connection: CopyConnection) => {
      for (const data of chunks) connection.sendCopyFromChunk(data);
      connection.endCopyFrom();
    },
    handleCommandComplete: () => undefined,
    handleReadyForQuery: () => {
      resolve(undefined);
    },
    handleError: (error: Error) => {
      reject(error);
    },
  };
  client.query(submittable as unknown as Submittable);
  return promise;
}
