import { Injectable } from '@nestjs/common';
import { Mutations, type HttpRequest } from '@regulars/http';
import type { Result } from '@regulars/kernel';
import type { Transaction } from '@regulars/persistence';
import { IngestionMetrics, type Resource } from '../ingestion.metrics.js';
import { asOneOrEach } from './as-one-or-each.use-case.js';
import type { BatchAnswer } from './batch-request.js';
import type { Refusal } from './refusal.js';
import { runBatch, type ItemAnswer } from './run-batch.use-case.js';
import { unlessTaken } from './unless-taken.use-case.js';

export interface BatchWork<Item, Outcome> {
  readonly resource: Resource;
  readonly read: readonly Result<Item, Refusal>[];
  record(items: readonly Item[], tx: Transaction): Promise<readonly Outcome[]>;
  answerOf(outcome: Outcome, item: Item): ItemAnswer;
}

/** Batches in one transaction each: answered item by item, counted when they are through. */
@Injectable()
export class Batches {
  constructor(
    private readonly mutations: Mutations,
    private readonly metrics: IngestionMetrics,
  ) {}

  run<Item, Outcome>(request: HttpRequest, work: BatchWork<Item, Outcome>): Promise<BatchAnswer> {
    return this.metrics.counting(work.resource, (count) =>
      asOneOrEach((isolation) =>
        unlessTaken(() =>
          this.mutations.run(request, async (tx) => {
            const record = (items: readonly Item[]) => work.record(items, tx);
            const result = await runBatch(work, (items) => isolation(items, record, tx));
            count(result.counted);
            return result.answer;
          }),
        ),
      ),
    );
  }
}
