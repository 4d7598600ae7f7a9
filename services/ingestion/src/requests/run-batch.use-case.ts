import { problemBody, type Answer } from '@regulars/http';
import type { Result } from '@regulars/kernel';
import type { Counted } from '../ingestion.metrics.js';
import type { BatchAnswer, BatchEntry } from './batch-request.js';
import type { Refusal } from './refusal.js';
import { toProblem } from './to-problem.http.js';

/** An accepted item's entry, or why it was refused. */
export type ItemAnswer = Result<Omit<BatchEntry, 'index' | 'problem'>, Refusal>;

export interface BatchResult {
  readonly answer: Answer<BatchAnswer>;
  /** What the metrics count, once it is committed. */
  readonly counted: readonly Counted[];
}

interface BatchItems<Item, Outcome> {
  readonly read: readonly Result<Item, Refusal>[];
  answerOf(outcome: Outcome, item: Item): ItemAnswer;
}

/**
 * Answers a batch item by item, in order: those that could not be read are refused as they are, the others are
 * recorded together. 200 when all are accepted, 207 otherwise.
 */
export async function runBatch<Item, Outcome>(
  batch: BatchItems<Item, Outcome>,
  record: (items: readonly Item[]) => Promise<Result<Outcome, unknown>[]>,
): Promise<BatchResult> {
  const good = batch.read.flatMap((item) => (item.ok ? [item.value] : []));
  const recorded = await record(good);
  const answers = good.map((item, at) => answerOfRecorded(recorded[at], item, batch));
  let at = 0;
  const all = batch.read.map((item): ItemAnswer => (item.ok ? (answers[at++] ?? failed) : item));

  return {
    answer: {
      status: all.every(({ ok }) => ok) ? 200 : 207,
      body: { items: all.map(toEntry) },
    },
    counted: all.map((answer) =>
      answer.ok && answer.value.status !== 'rejected'
        ? { status: answer.value.status }
        : { reason: answer.ok ? 'not-recordable' : answer.error.code },
    ),
  };
}

function answerOfRecorded<Item, Outcome>(
  recorded: Result<Outcome, unknown> | undefined,
  item: Item,
  batch: BatchItems<Item, Outcome>,
): ItemAnswer {
  return recorded?.ok === true ? batch.answerOf(recorded.value, item) : failed;
}

const failed: ItemAnswer = {
  ok: false,
  error: {
    status: 422,
    code: 'not-recordable',
    detail:
      'This item could not be stored for a reason on our side. Tell the operator the time and the index.',
  },
};

function toEntry(answer: ItemAnswer, index: number): BatchEntry {
  return answer.ok
    ? { index, ...answer.value }
    : { index, status: 'rejected', problem: problemBody(toProblem(answer.error)) };
}
