import { Injectable } from '@nestjs/common';
import { Database, sql, type Transaction } from '@regulars/persistence';
import { idempotency, type Begun } from './idempotency.store.js';
import { idempotentRequest, type IdempotentRequest } from './idempotent-request.js';
import { PROBLEM_JSON } from './answer-problem.js';
import { problemBody, ProblemError } from './problem-error.js';
import { answerWith, requestContext, type Answer, type HttpRequest } from './request-context.js';

export type Effect<T> = (tx: Transaction) => Promise<Answer<T>>;

/** Opens the transaction of a mutating route and gives its callers `Idempotency-Key`. */
@Injectable()
export class Mutations {
  constructor(private readonly database: Database) {}

  /**
   * Runs `effect` in one transaction and answers after its commit. With an `Idempotency-Key` the answer is kept in the
   * same transaction, and given again to every repetition within 24 h. A ProblemError of `effect` rolls it back.
   */
  async run<T>(request: HttpRequest, effect: Effect<T>): Promise<T> {
    const repeatable = idempotentRequest(request);
    const answer = await this.database.withTransaction((tx) =>
      repeatable === undefined ? effect(tx) : once(tx, request, repeatable, effect),
    );
    return answerWith(request, answer);
  }
}

/** The answer that `begun` already settles; undefined for a fresh call. Throws 409 and 422. */
export function settled(begun: Begun): Answer | undefined {
  switch (begun.kind) {
    case 'fresh':
      return undefined;
    case 'replay':
      return {
        ...begun.answer,
        headers: { ...begun.answer.headers, 'idempotency-replayed': 'true' },
      };
    case 'in-progress':
      throw new ProblemError({
        status: 409,
        code: 'request-in-progress',
        title: 'The first call is still running',
        detail:
          'Another call with this Idempotency-Key is still running. Repeat this one in a second.',
        headers: { 'retry-after': '1' },
      });
    case 'reused':
      throw new ProblemError({
        status: 422,
        code: 'idempotency-key-reused',
        title: 'The Idempotency-Key belongs to another call',
        detail:
          'This Idempotency-Key was used with another path or body. Make a new key for a new call.',
      });
  }
}

async function once<T>(
  tx: Transaction,
  request: HttpRequest,
  repeatable: IdempotentRequest,
  effect: Effect<T>,
): Promise<Answer<T>> {
  const [begun = { kind: 'fresh' }] = await idempotency(tx).begin([repeatable]);
  const earlier = settled(begun);
  // The stored body was made by this very effect.
  if (earlier !== undefined) return earlier as Answer<T>;
  const answer = await effectOrRefusal(tx, request, effect);
  await idempotency(tx).finish([{ request: repeatable, answer }]);
  return answer as Answer<T>;
}

/** A refusal is an answer too and is kept; what the effect wrote before it is undone alone, under the same lock. */
async function effectOrRefusal<T>(
  tx: Transaction,
  request: HttpRequest,
  effect: Effect<T>,
): Promise<Answer> {
  tx.send(sql`savepoint effect`);
  try {
    return await effect(tx);
  } catch (error) {
    if (!(error instanceof ProblemError) || error.status >= 500) throw error;
    tx.send(sql`rollback to savepoint effect`);
    return refusalOf(request, error);
  }
}

function refusalOf(request: HttpRequest, problem: ProblemError): Answer {
  const { traceId } = requestContext(request);
  return {
    status: problem.status,
    headers: { ...problem.headers, 'content-type': PROBLEM_JSON },
    body: problemBody(problem, { instance: request.url, traceId }),
  };
}
