import type { LadderStep, LeadRule } from './campaign.js';

/** 15 % of the cycle, two weeks for three months; at least 2 and at most 21 days. */
export const defaultLead: LeadRule = { share: 0.15, minDays: 2, maxDays: 21 };
export const defaultShortCycleDays = 28;
export const defaultBacklogPerDay = 50;
export const defaultPurpose = 'marketing';
/** Local hour of a step, inside everybody's waking day and outside the quiet hours. */
export const defaultStepHour = 11;

const byMail = { channel: 'email', fallbacks: [], hour: defaultStepHour } as const;
/** A direct offer is worth a call where no mail may be sent. */
const byMailOrCall = { ...byMail, fallbacks: ['task'] } as const;

/** Presence a lead before, a reminder half-way, the direct offer on the day, one follow-up after it. */
export const defaultLadder: readonly LadderStep[] = [
  { step: 1, day: { leadShare: -1 }, directness: 'presence', ...byMail },
  { step: 2, day: { leadShare: -0.5 }, directness: 'reminder', ...byMail },
  { step: 3, day: { days: 0 }, directness: 'direct-offer', ...byMailOrCall },
  { step: 4, day: { leadShare: 0.5 }, directness: 'direct-offer', ...byMailOrCall },
];
