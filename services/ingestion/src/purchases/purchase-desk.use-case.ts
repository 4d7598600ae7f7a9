import { Injectable } from '@nestjs/common';
import {
  idempotency,
  overloaded,
  ProblemError,
  settled,
  type Answer,
  type Begun,
  type IdempotentRequest,
} from '@regulars/http';
import { classOf } from '@regulars/messaging';
import { Database, GroupCommit, QueueFull, type Transaction } from '@regulars/persistence';
import { QuiescenceProbes } from '@regulars/service';
import { IngestionConfig } from '../ingestion.config.js';
import { IngestionMetrics } from '../ingestion.metrics.js';
import type { RefusalReason } from '../requests/refusal.js';
import { toProblem } from '../requests/to-problem.http.js';
import { unlessTaken } from '../requests/unless-taken.use-case.js';
import { problemAnswer, type ProblemPlace } from '../requests/problem-answer.http.js';
import { refusalOf, toRecordAnswer } from './purchase-answers.js';
import {
  recordPurchases,
  type CausedPurchase,
  type RecordOutcome,
} from './record-purchases.use-case.js';

/** One request at the desk. */
export interface DeskItem {
  readonly purchase: CausedPurchase;
  /** When it came with an `Idempotency-Key`. */
  readonly repeatable?: IdempotentRequest | undefined;
  readonly place: ProblemPlace;
}

/** What a request gets: an answer (a refusal is one too), or the error that its caller throws. */
type Outcome =
  | {
      readonly answer: Answer;
      readonly counted: 'created' | 'unchanged' | RefusalReason | 'replayed';
    }
  | { readonly error: unknown };

const conflictTries = 3;

/** Takes single purchases and commits those that come at the same time together. */
@Injectable()
export class PurchaseDesk {
  private readonly groups: GroupCommit<DeskItem, Outcome>;

  constructor(
    private readonly database: Database,
    private readonly metrics: IngestionMetrics,
    config: IngestionConfig,
    probes: QuiescenceProbes,
  ) {
    this.groups = new GroupCommit({
      commit: (items) => this.commit(items),
      maxItems: 100,
      maxWaitMs: 5,
      maxGroups: 4,
      maxWaiting: config.maxWaiting,
    });
    probes.add(() => this.groups.idle);
  }

  /** The answer, after the commit. */
  async record(item: DeskItem): Promise<Answer> {
    const outcome = await this.submit(item);
    if ('error' in outcome) throw outcome.error;
    this.count(outcome.counted);
    return outcome.answer;
  }

  private async submit(item: DeskItem): Promise<Outcome> {
    try {
      return await this.groups.submit(item);
    } catch (error) {
      if (error instanceof QueueFull) {
        throw overloaded('Too many purchases are waiting to be stored.', 1);
      }
      throw error;
    }
  }

  private async commit(items: readonly DeskItem[]): Promise<readonly Outcome[]> {
    this.metrics.observeGroup(items.length, this.groups.waitingCount);
    return this.commitApart(items);
  }

  /**
   * One transaction for all of them. What fails in it for a reason nobody foresaw is answered alone: nothing of it was done,
   * and the halves go on in transactions of their own. A database that is away or busy fails all.
   */
  private async commitApart(items: readonly DeskItem[]): Promise<readonly Outcome[]> {
    try {
      return await this.commitTogether(items);
    } catch (error) {
      // A ProblemError says by itself what the callers shall do about all of it ("try again").
      if (classOf(error) !== 'poison' || error instanceof ProblemError) throw error;
      if (items.length === 1) return [{ error }];
      const half = Math.ceil(items.length / 2);
      const first = await this.commitApart(items.slice(0, half));
      return [...first, ...(await this.commitApart(items.slice(half)))];
    }
  }

  private async commitTogether(items: readonly DeskItem[]): Promise<readonly Outcome[]> {
    for (let tries = 1; ; tries++) {
      try {
        return await unlessTaken(() =>
          this.database.withTransaction((tx) => answerGroup(items, tx)),
        );
      } catch (error) {
        if (classOf(error) !== 'conflict' || tries >= conflictTries) throw error;
      }
    }
  }

  private count(counted: 'created' | 'unchanged' | RefusalReason | 'replayed'): void {
    if (counted === 'created' || counted === 'unchanged') this.metrics.count('purchase', counted);
    else if (counted === 'replayed') this.metrics.count('purchase', 'unchanged');
    else this.metrics.countRejected('purchase', counted);
  }
}

async function answerGroup(items: readonly DeskItem[], tx: Transaction): Promise<Outcome[]> {
  const begun = await begin(items, tx);
  const fresh = items.filter((item) => isFresh(begun.get(item)));
  const purchases = fresh.map(({ purchase }) => purchase);
  const recorded = await recordPurchases(purchases, tx);
  const own = new Map(fresh.map((item, index) => [item, toOutcome(item, recorded[index])]));

  const outcomes = items.map((item): Outcome => own.get(item) ?? earlier(begun.get(item)));
  const finished = fresh.flatMap((item) => {
    const outcome = own.get(item);
    if (!item.repeatable || !outcome || 'error' in outcome) return [];
    return [{ request: item.repeatable, answer: outcome.answer }];
  });
  if (finished.length > 0) await idempotency(tx).finish(finished);
  return outcomes;
}

async function begin(
  items: readonly DeskItem[],
  tx: Transaction,
): Promise<ReadonlyMap<DeskItem, Begun>> {
  const keyed = items.filter(({ repeatable }) => repeatable !== undefined);
  if (keyed.length === 0) return new Map();
  const begun = await idempotency(tx).begin(
    keyed.flatMap(({ repeatable }) => (repeatable ? [repeatable] : [])),
  );
  return new Map(keyed.flatMap((item, index) => (begun[index] ? [[item, begun[index]]] : [])));
}

function isFresh(begun: Begun | undefined): boolean {
  return begun === undefined || begun.kind === 'fresh';
}

/** The answer of an earlier call with the same Idempotency-Key, or the problem with it. */
function earlier(begun: Begun | undefined): Outcome {
  try {
    const answer = begun && settled(begun);
    if (answer) return { answer, counted: 'replayed' };
    throw new TypeError('A request of the group has neither an outcome nor an earlier answer.');
  } catch (error) {
    if (error instanceof ProblemError) return { error };
    throw error;
  }
}

function toOutcome(item: DeskItem, outcome: RecordOutcome | undefined): Outcome {
  if (!outcome) throw new TypeError('A purchase of the group has no outcome.');
  if (outcome.kind === 'created' || outcome.kind === 'unchanged') {
    return { answer: toRecordAnswer(outcome.kind, outcome.purchase), counted: outcome.kind };
  }
  const refusal = refusalOf(outcome, item.purchase);
  return { answer: problemAnswer(toProblem(refusal), item.place), counted: refusal.code };
}
