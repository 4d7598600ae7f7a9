import type { CycleSegment } from '@regulars/contracts';
import { newId, type Day } from '@regulars/kernel';
import { conversationsId } from '../campaigns/campaign.js';
import type { NewEnrolment } from '../enrolments/enrolment.js';
import type { NewTouch } from '../touches/touch.js';

/**
 * What no marketer planned still needs a place in the customer's history: an enrolment of the built-in campaign, whose
 * run (an agreement, an answer that came by itself) stands in for the cycle.
 */
export function conversation(
  id: string,
  customerId: string,
  day: Day,
  segment: string | null,
): NewEnrolment {
  return {
    id: newId(),
    campaignId: conversationsId,
    campaignVersion: 1,
    customerId,
    cycle: id,
    state: 'running',
    triggerDay: day,
    lastPurchaseDay: day,
    released: true,
    leadDays: 0,
    moneyAtRiskMinor: 0,
    segment,
    forecastModelVersion: null,
    forecastEpoch: null,
    forecastSequence: null,
  };
}

/** A touch by a person in a conversation. */
export function personalTouch(
  enrolment: NewEnrolment,
  at: { readonly step: number; readonly dueAt: Date; readonly expiresAt: Date },
  reason: string,
  agreementId: string | null,
): NewTouch {
  return {
    id: newId(),
    customerId: enrolment.customerId,
    campaignId: enrolment.campaignId,
    campaignVersion: enrolment.campaignVersion,
    enrolmentId: enrolment.id,
    step: at.step,
    cycle: enrolment.cycle,
    directness: 'direct-offer',
    channel: 'task',
    channels: ['task'],
    dueAt: at.dueAt,
    expiresAt: at.expiresAt,
    reason,
    template: null,
    templateVersion: null,
    offerId: null,
    agreementId,
    segment: enrolment.segment as CycleSegment | null,
    forecastModelVersion: null,
    forecastEpoch: null,
    forecastSequence: null,
    passed: false,
  };
}
