import type { CycleSegment } from '@regulars/contracts';
import { newId, type Day } from '@regulars/kernel';
import { channelsOf, type PlannedStep } from '../ladders/plan-ladder.js';
import type { NewTouch } from '../touches/touch.js';
import type { NewEnrolment, WalkingCustomer } from './enrolment.js';

/** Why a touch is planned: the closed list of reasons of `TouchPlanned`. */
export type PlanReason = 'due-day' | 'remind-day' | 'purchase' | 'backlog' | 'agreement' | 'moved';

/** The touches of an enrolment. A step whose day is behind is planned and skipped, so that the history is whole. */
export function newTouches(
  enrolment: NewEnrolment,
  steps: readonly PlannedStep[],
  customer: Pick<WalkingCustomer, 'preferredChannel'>,
  reason: PlanReason,
  today: Day,
): NewTouch[] {
  return steps.map(({ step, day, dueAt, expiresAt }) => {
    const channels = [step.channel, ...step.fallbacks];
    return {
      id: newId(),
      customerId: enrolment.customerId,
      campaignId: enrolment.campaignId,
      campaignVersion: enrolment.campaignVersion,
      enrolmentId: enrolment.id,
      step: step.step,
      cycle: enrolment.cycle,
      directness: step.directness,
      channel: channelsOf(channels, customer.preferredChannel)[0] ?? 'task',
      channels,
      dueAt,
      expiresAt,
      reason,
      template: step.template ?? null,
      templateVersion: step.templateVersion ?? null,
      offerId: step.offerId ?? null,
      agreementId: null,
      segment: enrolment.segment as CycleSegment | null,
      forecastModelVersion: enrolment.forecastModelVersion,
      forecastEpoch: enrolment.forecastEpoch,
      forecastSequence: enrolment.forecastSequence,
      passed: day < today,
    };
  });
}
