import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CLOCK } from '@regulars/config';
import {
  counted,
  decodeCursor,
  IdParam,
  invalidRequest,
  Mutations,
  page,
  RefusedUnderLoad,
  Scope,
  TakesBatch,
  type HttpRequest,
  type Page,
} from '@regulars/http';
import { isId, type Clock, type Result } from '@regulars/kernel';
import { Database } from '@regulars/persistence';
import { IngestionConfig } from '../ingestion.config.js';
import { IngestionMetrics } from '../ingestion.metrics.js';
import type { BatchAnswer } from '../requests/batch-request.js';
import { Batches } from '../requests/batches.http.js';
import { CustomerItem } from '../requests/customer-request.js';
import { AnswerDocs, BatchDocs, BodyDocs } from '../requests/docs.http.js';
import { examples } from '../requests/examples.js';
import { ImportPause } from '../requests/import-pause.http.js';
import { batchItems, readInChunks } from '../requests/read-batch.http.js';
import { recordInParts } from '../requests/record-in-parts.http.js';
import { Impossibilities, type Refusal } from '../requests/refusal.js';
import { toProblem } from '../requests/to-problem.http.js';
import { causeOfRequest } from '../requests/request-cause.http.js';
import {
  noSuchCustomer,
  toItemAnswer,
  toRecordedAnswer,
  unknownCustomerAt,
  type CustomerAnswer,
} from './customer-answer.js';
import { customerStore } from './customer.store.js';
import { CustomersQuery } from './customers-query.dto.js';
import { eraseCustomer } from './erase-customer.use-case.js';
import { findByIdentity, withDetails } from './find-customers.use-case.js';
import { identitiesOf, type Identity } from './identity.js';
import { defaultSource, readCustomer, type NewCustomer } from './read-customer.js';
import { recordCustomers } from './record-customers.use-case.js';

@ApiTags('customers')
@Controller('v1/customers')
@Scope('customers:write')
export class CustomersController {
  constructor(
    private readonly database: Database,
    private readonly mutations: Mutations,
    private readonly batches: Batches,
    private readonly metrics: IngestionMetrics,
    private readonly config: IngestionConfig,
    private readonly imports: ImportPause,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Creates the customer, or changes the one that the strongest identity points to. What is missing stays. */
  @Post()
  @RefusedUnderLoad()
  @BodyDocs(CustomerItem, examples.customer)
  @AnswerDocs(201, 'Created.')
  @AnswerDocs(200, 'Known: `status` says whether something changed.')
  async record(@Req() request: HttpRequest, @Body() body: unknown) {
    return this.metrics.counting('customer', (count) =>
      this.mutations.run(request, async (tx) => {
        const customer = readCustomer(body, this.rules());
        if (!customer.ok) throw this.refused(customer.error);
        const cause = causeOfRequest(request);
        const [outcome] = await recordCustomers([{ ...customer.value, cause }], tx);
        if (!outcome) throw this.refused(unknownCustomerAt('/id'));
        count([{ status: outcome.kind }]);
        const status = outcome.kind === 'created' ? 201 : 200;
        const headers = { location: `/v1/customers/${outcome.customerId}` };
        return { status, headers, body: toRecordedAnswer(outcome) };
      }),
    );
  }

  /** Creates or changes up to 1,000 customers; each is answered by itself, in order. */
  @Post('batch')
  @RefusedUnderLoad()
  @TakesBatch()
  @HttpCode(200)
  @BatchDocs(CustomerItem, examples.customer)
  @AnswerDocs(200, 'All accepted.')
  @AnswerDocs(207, 'Some were rejected; the others are stored.')
  async recordBatch(@Req() request: HttpRequest, @Body() body: unknown): Promise<BatchAnswer> {
    const rules = this.rules();
    const items = batchItems(body);
    const pace = this.imports.admit(items);
    const read = await readInChunks(items, (item) => readCustomer(item, rules));
    return recordInParts(request, read, pace, (part) => this.recordPart(request, part));
  }

  private recordPart(
    request: HttpRequest,
    part: readonly Result<NewCustomer, Refusal>[],
  ): Promise<BatchAnswer> {
    const cause = causeOfRequest(request);
    return this.batches.run(request, {
      resource: 'customer',
      read: part,
      record: (items, tx) =>
        recordCustomers(
          items.map((item) => ({ ...item, cause })),
          tx,
        ),
      answerOf: toItemAnswer,
    });
  }

  /** Who has this phone, e-mail or external id; everybody, in the order of registration, without one. */
  @Get()
  @Scope('customers:read')
  async list(@Query() query: CustomersQuery): Promise<Page<CustomerAnswer>> {
    const identity = this.identityOf(query);
    if (identity) {
      const customer = await findByIdentity(identity, this.database);
      const data = await withDetails(customer ? [customer] : [], this.database);
      const answer = page(data, query.limit, ({ id }) => [id]);
      return counted(answer, query, () => Promise.resolve(data.length));
    }
    const after = query.after === undefined ? undefined : decodeCursor(query.after, isPlace)[0];
    const customers = await customerStore(this.database).page(after, query.limit + 1);
    const details = await withDetails(customers, this.database);
    const answer = page(details, query.limit, ({ id }) => [id]);
    return counted(answer, query, () => customerStore(this.database).count());
  }

  @Get(':id')
  @Scope('customers:read')
  async find(@IdParam() id: string): Promise<CustomerAnswer> {
    const customer = await customerStore(this.database).find(id);
    const [answer] = await withDetails(customer ? [customer] : [], this.database);
    if (!answer) throw toProblem(noSuchCustomer);
    return answer;
  }

  /** Forgets the person for good: profile, identities, consents. The purchases stay, with nobody behind them. */
  @Delete(':id')
  @HttpCode(200)
  async erase(@Req() request: HttpRequest, @IdParam() id: string) {
    return this.mutations.run(request, async (tx) => {
      const erasureId = await eraseCustomer(id, causeOfRequest(request), tx);
      if (erasureId === undefined) throw toProblem(noSuchCustomer);
      return { status: 200, body: { customerId: id, erasureId } };
    });
  }

  private rules() {
    return { now: this.clock.now(), defaultCountry: this.config.defaultCountry };
  }

  private refused(refusal: Parameters<typeof toProblem>[0]) {
    this.metrics.countRejected('customer', refusal.code);
    return toProblem(refusal);
  }

  private identityOf({ phone, email, externalId, source }: CustomersQuery): Identity | undefined {
    const fields = {
      ...(phone === undefined ? {} : { phone }),
      ...(email === undefined ? {} : { email }),
      ...(externalId === undefined ? {} : { externalId, source: source ?? defaultSource }),
    };
    const context = {
      source: defaultSource,
      defaultCountry: this.config.defaultCountry,
      pointer: '',
    };
    const problems = new Impossibilities();
    const identities = identitiesOf(fields, context, problems);
    if (problems.refusal) throw toProblem(problems.refusal);
    if (identities.length > 1 || (source !== undefined && externalId === undefined)) {
      const message =
        'Ask by one of phone, email and externalId; source goes with externalId only.';
      throw invalidRequest([{ pointer: '', code: 'one-of', message, in: 'query' }]);
    }
    return identities[0];
  }
}

function isPlace(values: readonly unknown[]): values is [string] {
  return values.length === 1 && typeof values[0] === 'string' && isId(values[0]);
}
