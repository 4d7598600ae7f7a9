import { Body, Controller, Delete, Get, HttpCode, Post, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  answerWith,
  counted,
  decodeCursor,
  idempotentRequest,
  IdParam,
  Mutations,
  page,
  RefusedUnderLoad,
  Scope,
  TakesBatch,
  type HttpRequest,
} from '@regulars/http';
import { isId, type Result } from '@regulars/kernel';
import { Database } from '@regulars/persistence';
import { IngestionMetrics } from '../ingestion.metrics.js';
import type { BatchAnswer } from '../requests/batch-request.js';
import { Batches } from '../requests/batches.http.js';
import { AnswerDocs, BatchDocs, BodyDocs } from '../requests/docs.http.js';
import { examples } from '../requests/examples.js';
import { ImportPause } from '../requests/import-pause.http.js';
import { placeOf } from '../requests/problem-answer.http.js';
import { CorrectionRequest, PurchaseItem, RefundRequest } from '../requests/purchase-request.js';
import { batchItems, readInChunks } from '../requests/read-batch.http.js';
import { recordInParts } from '../requests/record-in-parts.http.js';
import type { Refusal } from '../requests/refusal.js';
import { toProblem } from '../requests/to-problem.http.js';
import { causeOfRequest } from '../requests/request-cause.http.js';
import { noSuchPurchase } from './change-purchase.use-case.js';
import { correctPurchase, removePurchase } from './correct-purchase.use-case.js';
import { toItemAnswer } from './purchase-answers.js';
import { PurchaseDesk } from './purchase-desk.use-case.js';
import { PurchaseReader } from './purchase-reader.use-case.js';
import { toPurchaseAnswer, type PurchaseAnswer } from './purchase.js';
import { purchaseStore } from './purchase.store.js';
import { PurchasesQuery } from './purchases-query.dto.js';
import type { NewPurchase } from './read-purchase.js';
import { readRefund } from './read-refund.js';
import { recordPurchases } from './record-purchases.use-case.js';
import { refundPurchase, toRefundAnswer } from './refund-purchase.use-case.js';

@ApiTags('purchases')
@Controller('v1/purchases')
@Scope('purchases:write')
export class PurchasesController {
  constructor(
    private readonly database: Database,
    private readonly mutations: Mutations,
    private readonly batches: Batches,
    private readonly desk: PurchaseDesk,
    private readonly reader: PurchaseReader,
    private readonly imports: ImportPause,
    private readonly metrics: IngestionMetrics,
  ) {}

  /** Records a purchase. Its key is (source, orderId): the same one with the same content is answered again. */
  @Post()
  @RefusedUnderLoad()
  @BodyDocs(PurchaseItem, examples.purchase)
  @AnswerDocs(201, 'Recorded.')
  @AnswerDocs(200, 'Recorded before, with the same content: the first answer.')
  async record(@Req() request: HttpRequest, @Body() body: unknown): Promise<unknown> {
    this.imports.live();
    const purchase = this.reader.read(body);
    if (!purchase.ok) return this.refuse(request, purchase.error, 'purchase');
    const repeatable = idempotentRequest(request);
    const caused = { ...purchase.value, cause: causeOfRequest(request) };
    const item = { purchase: caused, repeatable, place: placeOf(request) };
    return answerWith(request, await this.desk.record(item));
  }

  /** Records up to 1,000 purchases; each is answered by itself, in order. */
  @Post('batch')
  @RefusedUnderLoad()
  @TakesBatch()
  @HttpCode(200)
  @BatchDocs(PurchaseItem, examples.purchase)
  @AnswerDocs(200, 'All accepted.')
  @AnswerDocs(207, 'Some were rejected; the others are recorded.')
  async recordBatch(@Req() request: HttpRequest, @Body() body: unknown): Promise<BatchAnswer> {
    const items = batchItems(body);
    const pace = this.imports.admit(items);
    const read = await readInChunks(items, (item) => this.reader.read(item));
    return recordInParts(request, read, pace, (part) => this.recordPart(request, part));
  }

  private recordPart(
    request: HttpRequest,
    part: readonly Result<NewPurchase, Refusal>[],
  ): Promise<BatchAnswer> {
    const cause = causeOfRequest(request);
    return this.batches.run(request, {
      resource: 'purchase',
      read: part,
      record: (items, tx) =>
        recordPurchases(
          items.map((item) => ({ ...item, cause })),
          tx,
        ),
      answerOf: toItemAnswer,
    });
  }

  /** Purchases in the order in which they were recorded. */
  @Get()
  @Scope('customers:read')
  async list(@Query() query: PurchasesQuery) {
    const after = query.after === undefined ? undefined : decodeCursor(query.after, isPlace)[0];
    const { customerId } = query;
    const filter = { ...(customerId && { customerId }), ...(after && { after }) };
    const purchases = await purchaseStore(this.database).page(filter, query.limit + 1);
    const answer = page(purchases.map(toPurchaseAnswer), query.limit, ({ id }) => [id]);
    return counted(answer, query, () => purchaseStore(this.database).count(customerId));
  }

  @Get(':id')
  @Scope('customers:read')
  async find(@IdParam() id: string): Promise<PurchaseAnswer> {
    const purchase = await purchaseStore(this.database).find(id);
    if (!purchase) throw toProblem(noSuchPurchase);
    return toPurchaseAnswer(purchase);
  }

  /** Gives money back, in part or all that is left. `refundId` is its key. */
  @Post(':id/refunds')
  @RefusedUnderLoad()
  @BodyDocs(RefundRequest, examples.refund)
  @AnswerDocs(201, 'Recorded.')
  @AnswerDocs(200, 'Recorded before, with the same content: the first answer.')
  async refund(@Req() request: HttpRequest, @IdParam() id: string, @Body() body: unknown) {
    const refund = readRefund(body, this.database.clock.now());
    if (!refund.ok) return this.refuse(request, refund.error, 'refund');
    return this.metrics.counting('refund', (count) =>
      this.mutations.run(request, async (tx) => {
        const outcome = this.accepted(
          await refundPurchase(id, refund.value, causeOfRequest(request), tx),
          'refund',
        );
        count([{ status: outcome.kind }]);
        return { status: outcome.kind === 'created' ? 201 : 200, body: toRefundAnswer(outcome) };
      }),
    );
  }

  /** Puts right what was wrong; what is missing in the body stays. Answers with the purchase as it is now. */
  @Post(':id/corrections')
  @RefusedUnderLoad()
  @HttpCode(200)
  @BodyDocs(CorrectionRequest, examples.correction)
  async correct(@Req() request: HttpRequest, @IdParam() id: string, @Body() body: unknown) {
    return this.mutations.run(request, async (tx) => {
      const outcome = await correctPurchase(id, body, causeOfRequest(request), tx);
      return { status: 200, body: toPurchaseAnswer(this.accepted(outcome, 'purchase')) };
    });
  }

  /** Takes back a purchase that never was. Its key stays taken. */
  @Delete(':id')
  @HttpCode(200)
  async remove(@Req() request: HttpRequest, @IdParam() id: string) {
    return this.mutations.run(request, async (tx) => {
      const outcome = await removePurchase(id, causeOfRequest(request), tx);
      return { status: 200, body: toPurchaseAnswer(this.accepted(outcome, 'purchase')) };
    });
  }

  private accepted<T>(outcome: Result<T, Refusal>, resource: 'purchase' | 'refund'): T {
    if (outcome.ok) return outcome.value;
    this.metrics.countRejected(resource, outcome.error.code);
    throw toProblem(outcome.error);
  }

  /** With an Idempotency-Key the refusal is kept too, so it goes the way of an effect. */
  private refuse(
    request: HttpRequest,
    refusal: Refusal,
    resource: 'purchase' | 'refund',
  ): Promise<never> {
    this.metrics.countRejected(resource, refusal.code);
    const problem = toProblem(refusal);
    if (idempotentRequest(request) === undefined) return Promise.reject(problem);
    return this.mutations.run(request, () => Promise.reject(problem));
  }
}

function isPlace(values: readonly unknown[]): values is [string] {
  return values.length === 1 && typeof values[0] === 'string' && isId(values[0]);
}
