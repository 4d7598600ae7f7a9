import { ApiProperty } from '@nestjs/swagger';
import type { AnswerKind, Channel, Directness } from '@regulars/contracts';
import type { AnswerOf } from '../answer-of.js';
import type { StoredAnswer } from '../answers/answer.store.js';
import type { TouchHistoryEntry } from './touch-history.store.js';
import { touchStates, type Touch, type TouchState } from './touch.js';

class TouchHistoryResponse {
  @ApiProperty({ format: 'date-time' })
  at: string;
  @ApiProperty({ enum: touchStates })
  state: TouchState;
  @ApiProperty({ description: 'Why, or why not: a code of the closed list.' })
  reason: string;
  @ApiProperty()
  channel: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  until: string | null;
}

class GivenAnswerResponse {
  @ApiProperty()
  answer: string;
  @ApiProperty({ type: String, nullable: true })
  reason: string | null;
  @ApiProperty({ type: String, nullable: true })
  note: string | null;
  @ApiProperty({ format: 'date-time' })
  answeredAt: string;
}

class TouchMessageResponse {
  @ApiProperty({ type: String, nullable: true })
  subject: string | null;
  @ApiProperty()
  text: string;
}

export class TouchResponse {
  @ApiProperty({ format: 'uuid' })
  id: string;
  @ApiProperty({ format: 'uuid' })
  customerId: string;
  @ApiProperty({ format: 'uuid' })
  campaignId: string;
  @ApiProperty({ type: 'integer' })
  campaignVersion: number;
  @ApiProperty({ format: 'uuid' })
  enrolmentId: string;
  @ApiProperty({ format: 'uuid' })
  cycle: string;
  @ApiProperty({ type: 'integer' })
  step: number;
  @ApiProperty()
  directness: Directness;
  @ApiProperty()
  channel: Channel;
  @ApiProperty({ enum: touchStates })
  state: TouchState;
  @ApiProperty()
  reason: string;
  @ApiProperty({ format: 'date-time' })
  dueAt: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  sentAt: string | null;
  @ApiProperty({ type: 'integer' })
  attempts: number;
  @ApiProperty({ type: String, nullable: true })
  template: string | null;
  @ApiProperty({ type: String, nullable: true })
  offerId: string | null;
  @ApiProperty({ type: String, nullable: true })
  answer: AnswerKind | null;
  @ApiProperty({ type: [GivenAnswerResponse] })
  answers: GivenAnswerResponse[];
  @ApiProperty({
    type: TouchMessageResponse,
    nullable: true,
    description: 'What would have left, on a channel in capture mode.',
  })
  captured: TouchMessageResponse | null;
  @ApiProperty({ type: [TouchHistoryResponse] })
  history: TouchHistoryResponse[];
}

export function toTouchResponse(
  touch: Touch,
  history: readonly TouchHistoryEntry[],
  answers: readonly StoredAnswer[],
  captured: AnswerOf<TouchMessageResponse> | undefined,
): AnswerOf<TouchResponse> {
  return {
    id: touch.id,
    customerId: touch.customerId,
    campaignId: touch.campaignId,
    campaignVersion: touch.campaignVersion,
    enrolmentId: touch.enrolmentId,
    cycle: touch.cycle,
    step: touch.step,
    directness: touch.directness,
    channel: touch.channel,
    state: touch.state,
    reason: touch.reason,
    dueAt: touch.dueAt.toISOString(),
    sentAt: touch.sentAt?.toISOString() ?? null,
    attempts: touch.attempts,
    template: touch.templateUsed,
    offerId: touch.offerId,
    answer: touch.answer,
    answers: answers.map(({ answer, reason, note, answeredAt }) => ({
      answer,
      reason,
      note,
      answeredAt: answeredAt.toISOString(),
    })),
    captured: captured ?? null,
    history: history.map(({ at, state, reason, channel, until }) => ({
      at: at.toISOString(),
      state,
      reason,
      channel,
      until: until?.toISOString() ?? null,
    })),
  };
}
