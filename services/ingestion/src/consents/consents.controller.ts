import { Body, Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CLOCK } from '@regulars/config';
import { Mutations, Scope, type HttpRequest } from '@regulars/http';
import type { Clock } from '@regulars/kernel';
import { outbox } from '@regulars/outbox';
import type { Transaction } from '@regulars/persistence';
import { unknownCustomerAt } from '../customers/customer-answer.js';
import { customerStore } from '../customers/customer.store.js';
import { findCustomerId } from '../customers/find-customers.use-case.js';
import { readConsents, type NewCustomer } from '../customers/read-customer.js';
import { IngestionConfig } from '../ingestion.config.js';
import { IngestionMetrics } from '../ingestion.metrics.js';
import { ConsentRequest } from '../requests/customer-request.js';
import { AnswerDocs, BodyDocs } from '../requests/docs.http.js';
import { examples } from '../requests/examples.js';
import type { Refusal } from '../requests/refusal.js';
import { toProblem } from '../requests/to-problem.http.js';
import { causeOfRequest } from '../requests/request-cause.http.js';
import { toConsentState } from './consent.js';
import { consentStore } from './consent.store.js';
import { recordConsents } from './record-consents.use-case.js';

@ApiTags('customers')
@Controller('v1/consents')
@Scope('customers:write')
export class ConsentsController {
  constructor(
    private readonly mutations: Mutations,
    private readonly metrics: IngestionMetrics,
    private readonly config: IngestionConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Grants or withdraws consent of a known customer, per channel and purpose, with its proof. The newer one holds. */
  @Post()
  @HttpCode(200)
  @BodyDocs(ConsentRequest, examples.consent)
  @AnswerDocs(200, 'All consents of the customer after the change.')
  async record(@Req() request: HttpRequest, @Body() body: unknown) {
    return this.metrics.counting('consent', (count) =>
      this.mutations.run(request, async (tx) => {
        const rules = { now: this.clock.now(), defaultCountry: this.config.defaultCountry };
        const said = readConsents(body, rules);
        if (!said.ok) throw this.refused(said.error);
        const customerId = await lockCustomer(said.value, tx);
        if (customerId === undefined) throw this.refused(unknownCustomerAt('/customer'));
        const { statements } = said.value;
        const entry = { customerId, statements, cause: causeOfRequest(request) };
        const { changed, events } = await recordConsents([entry], 'api', tx);
        await outbox(tx).add(events);
        count([{ status: changed[0] === true ? 'updated' : 'unchanged' }]);
        const consents = (await consentStore(tx).ofCustomers([customerId])).get(customerId) ?? [];
        return { status: 200, body: { customerId, consents: consents.map(toConsentState) } };
      }),
    );
  }

  private refused(refusal: Refusal) {
    this.metrics.countRejected('consent', refusal.code);
    return toProblem(refusal);
  }
}

async function lockCustomer(
  { request }: NewCustomer,
  tx: Transaction,
): Promise<string | undefined> {
  const id = await findCustomerId(request, tx);
  if (id === undefined) return undefined;
  const locked = await customerStore(tx).lockMany([id]);
  return locked.has(id) ? id : undefined;
}
