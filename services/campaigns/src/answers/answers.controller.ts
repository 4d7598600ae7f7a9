import { Body, Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CLOCK } from '@regulars/config';
import { IdParam, Mutations, notFound, Scope, type HttpRequest } from '@regulars/http';
import { dayOf, type Clock } from '@regulars/kernel';
import type { Transaction } from '@regulars/persistence';
import type { AnswerOf } from '../answer-of.js';
import { CAMPAIGN_SETTINGS, type CampaignSettings } from '../campaigns.config.js';
import { customerStore, type CustomerRow } from '../customers/customer.store.js';
import { TouchResponse } from '../touches/touch.dto.js';
import { touchView } from '../touches/touch-view.use-case.js';
import { touchStore } from '../touches/touch.store.js';
import { AnswerBody, CustomerAnswerBody } from './answer.dto.js';
import { AnswerTouch } from './answer-touch.use-case.js';
import type { Answer } from './answer.js';
import { toAnswer } from './to-answer.http.js';
import { Unsolicited } from './unsolicited.use-case.js';

@ApiTags('touches')
@Controller('v1/touches')
@Scope('tasks:write')
export class AnswersController {
  constructor(
    private readonly mutations: Mutations,
    private readonly answerTouch: AnswerTouch,
    private readonly unsolicited: Unsolicited,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CAMPAIGN_SETTINGS) private readonly settings: CampaignSettings,
  ) {}

  /** An answer that came without a touch: a call to the shop, a word at the till. */
  @Post('answers')
  @HttpCode(200)
  @ApiOperation({ summary: 'Record an answer of a customer' })
  @ApiOkResponse({ type: TouchResponse })
  async ofCustomer(
    @Body() body: CustomerAnswerBody,
    @Req() request: HttpRequest,
  ): Promise<AnswerOf<TouchResponse>> {
    const answer = this.toAnswer(body);
    return this.mutations.run(request, async (tx) => {
      const customerId = body.customerId.toLowerCase();
      const { mergedInto } = await lockCustomer(tx, customerId);
      if (mergedInto !== null) throw notFound('customer');
      const touchId = await this.unsolicited.open(tx, customerId, body.channel ?? 'task');
      return { status: 200, body: await this.take(tx, touchId, answer) };
    });
  }

  /** What came back on a touch: the same answer again changes nothing. */
  @Post(':id/answers')
  @HttpCode(200)
  @ApiOperation({ summary: 'Record the answer to a touch' })
  @ApiOkResponse({ type: TouchResponse })
  async ofTouch(
    @IdParam() id: string,
    @Body() body: AnswerBody,
    @Req() request: HttpRequest,
  ): Promise<AnswerOf<TouchResponse>> {
    const answer = this.toAnswer(body);
    return this.mutations.run(request, async (tx) => {
      const [customerId] = await touchStore(tx).customersOf([id]);
      if (customerId === undefined) throw notFound('touch');
      await lockCustomer(tx, customerId);
      return { status: 200, body: await this.take(tx, id, answer) };
    });
  }

  private async take(
    tx: Transaction,
    touchId: string,
    answer: Answer,
  ): Promise<AnswerOf<TouchResponse>> {
    await this.answerTouch.run(tx, touchId, answer);
    const [view] = await touchView(tx, await touchStore(tx).find([touchId]));
    if (!view) throw notFound('touch');
    return view;
  }

  private toAnswer(body: AnswerBody): Answer {
    return toAnswer(body, dayOf(this.clock.now(), this.settings.companyZone));
  }
}

/** An unknown or erased customer has nothing to answer; a merged one only the touches that left before. */
async function lockCustomer(tx: Transaction, customerId: string): Promise<CustomerRow> {
  const customer = (await customerStore(tx).lockKnown([customerId])).get(customerId);
  if (!customer || customer.erased) throw notFound('customer');
  return customer;
}
