import { sql, type Transaction } from '@regulars/persistence';
import type { IdempotentRequest } from './idempotent-request.js';
import type { Answer } from './request-context.js';

/** What a repeated call meets. */
export type Begun =
  | { readonly kind: 'fresh' }
  | { readonly kind: 'replay'; readonly answer: Answer }
  | { readonly kind: 'in-progress' }
  | { readonly kind: 'reused' };

export interface Finished {
  readonly request: IdempotentRequest;
  readonly answer: Answer;
}

/** How long an answer is kept. */
const KEPT_HOURS = 24;

interface StoredRow {
  readonly ordinal: number;
  readonly fingerprint: string;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/**
 * Answers by `Idempotency-Key`, for many requests in one transaction. Time is the database's: replicas with wrong clocks
 * must agree on what is still kept.
 */
export const idempotency = (tx: Transaction) => ({
  /**
   * What each request meets, in their order. A fresh one is locked until the transaction ends, so that a second call
   * with its key sees `in-progress` meanwhile, and a crash leaves nothing behind.
   */
  async begin(requests: readonly IdempotentRequest[]): Promise<Begun[]> {
    const locked = await lockMany(tx, requests);
    // A statement of its own: its snapshot must be newer than the locks, or it misses what their last holder wrote.
    const stored = await findMany(tx, requests);
    const seen = new Set<string>();
    return requests.map((request, index) => {
      const name = nameOf(tx, request);
      // The lock of this very transaction does not stop its own second request with the same key.
      const first = !seen.has(name);
      seen.add(name);
      const row = stored.get(index);
      if (row !== undefined) return judge(request, row);
      return first && locked[index] === true ? { kind: 'fresh' } : { kind: 'in-progress' };
    });
  },

  /** Keeps the answers, in the transaction of their effects. An answer that says "try again" (429, 5xx) is not kept. */
  async finish(finished: readonly Finished[]): Promise<void> {
    const kept = finished.filter(({ answer }) => answer.status < 500 && answer.status !== 429);
    if (kept.length === 0) return;
    await tx.query(sql`
      insert into idempotency_keys (api_key_id, key, fingerprint, status, headers, body, expires_at)
      select api_key_id, key, fingerprint, status, headers, body, now() + make_interval(hours => ${KEPT_HOURS})
      from unnest(${kept.map(({ request }) => request.apiKeyId)}::text[],
                  ${kept.map(({ request }) => request.key)}::text[],
                  ${kept.map(({ request }) => request.fingerprint)}::text[],
                  ${kept.map(({ answer }) => answer.status)}::smallint[],
                  ${kept.map(({ answer }) => JSON.stringify(answer.headers ?? {}))}::jsonb[],
                  ${kept.map(({ answer }) => JSON.stringify(answer.body ?? null))}::text[])
        as kept (api_key_id, key, fingerprint, status, headers, body)
      on conflict (api_key_id, key) do update
      set fingerprint = excluded.fingerprint, status = excluded.status, headers = excluded.headers,
          body = excluded.body, expires_at = excluded.expires_at`);
  },
});

/** Deletes answers whose time is over, at most `limit`; returns how many. Call again while it returns `limit`. */
export async function purgeExpiredAnswers(tx: Transaction, limit = 1_000): Promise<number> {
  const deleted = await tx.query(sql`
    delete from idempotency_keys
    where (api_key_id, key) in (select api_key_id, key from idempotency_keys
                                where expires_at <= now()
                                order by expires_at limit ${limit} for update skip locked)
    returning 1 as "one"`);
  return deleted.length;
}

/** Tried, not waited for: two calls with one key at once are answered at once. Same order everywhere is not needed. */
async function lockMany(
  tx: Transaction,
  requests: readonly IdempotentRequest[],
): Promise<boolean[]> {
  const rows = await tx.query<{ locked: boolean }>(sql`
    select pg_try_advisory_xact_lock(hashtextextended(name, 0)) as locked
    from unnest(${requests.map((request) => nameOf(tx, request))}::text[]) with ordinality as asked (name, ordinal)
    order by ordinal`);
  return rows.map((row) => row.locked);
}

async function findMany(
  tx: Transaction,
  requests: readonly IdempotentRequest[],
): Promise<Map<number, StoredRow>> {
  const rows = await tx.query<StoredRow>(sql`
    select asked.ordinal - 1 as ordinal, fingerprint, status, headers, body
    from unnest(${requests.map((request) => request.apiKeyId)}::text[],
                ${requests.map((request) => request.key)}::text[]) with ordinality as asked (api_key_id, key, ordinal)
    join idempotency_keys using (api_key_id, key)
    where expires_at > now()`);
  return new Map(rows.map((row) => [row.ordinal, row]));
}

function judge(request: IdempotentRequest, row: StoredRow): Begun {
  if (row.fingerprint !== request.fingerprint) return { kind: 'reused' };
  const body: unknown = JSON.parse(row.body);
  return { kind: 'replay', answer: { status: row.status, headers: row.headers, body } };
}

/** Advisory locks are shared by the whole database, so the service is part of the name. */
function nameOf(tx: Transaction, request: IdempotentRequest): string {
  return JSON.stringify(['idempotency', tx.service, request.apiKeyId, request.key]);
}
