import type { LeadRule, LadderStep } from '../campaigns/campaign.js';

/** Days before the due day at which a ladder starts. */
export function leadDays(rule: LeadRule, cycleDays: number): number {
  return Math.min(rule.maxDays, Math.max(rule.minDays, Math.round(rule.share * cycleDays)));
}

/** Days from the trigger day to a step. */
export function stepOffset({ day }: LadderStep, lead: number): number {
  return 'days' in day ? day.days : Math.round(day.leadShare * lead);
}
