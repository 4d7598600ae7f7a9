import type { CampaignDefinition, LadderStep } from './campaign.js';
import { directnessRank } from '../ladders/directness.js';

export interface DefinitionProblem {
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
}

/** What makes no sense although every field is well-formed. Empty = a campaign that can run. */
export function checkDefinition(definition: CampaignDefinition): DefinitionProblem[] {
  return [checkLength, checkLead, checkAudience, checkSteps].flatMap((check) => check(definition));
}

function checkLead({ lead }: CampaignDefinition): DefinitionProblem[] {
  if (lead.minDays <= lead.maxDays) return [];
  const message = 'The shortest lead is longer than the longest.';
  return [{ pointer: '/lead/minDays', code: 'lead-inverted', message }];
}

function checkLength({ trigger, ladder }: CampaignDefinition): DefinitionProblem[] {
  const least = trigger.kind === 'due-day' ? 3 : 1;
  if (ladder.length >= least) return [];
  const message = `A ladder on the ${trigger.kind} trigger has at least ${String(least)} step(s).`;
  return [{ pointer: '/ladder', code: 'ladder-too-short', message }];
}

function checkAudience({ audience }: CampaignDefinition): DefinitionProblem[] {
  if (audience.lostKinds.length === 0 || audience.segments.includes('lost')) return [];
  const message = '`lostKinds` chooses among `lost`, which is not in the segments.';
  return [{ pointer: '/audience/lostKinds', code: 'not-in-audience', message }];
}

function checkSteps({ ladder, lead, trigger }: CampaignDefinition): DefinitionProblem[] {
  const problems: DefinitionProblem[] = [];
  const add = (index: number, field: string, code: string, message: string) =>
    problems.push({ pointer: `/ladder/${String(index)}/${field}`, code, message });

  ladder.forEach((step, index) => {
    const before = ladder[index - 1];
    if (before && directnessRank(step.directness) < directnessRank(before.directness))
      add(index, 'directness', 'directness-falls', 'Directness rises from step to step.');
    // Compared at both ends of the lead: an order that holds there holds between them.
    if (before && [lead.minDays, lead.maxDays].some((d) => dayAt(step, d) < dayAt(before, d)))
      add(index, 'day', 'step-before-last', 'A step cannot come before the one above it.');
    if (trigger.kind === 'purchase' && dayAt(step, lead.maxDays) < 0)
      add(index, 'day', 'before-purchase', 'A step after a purchase cannot come before it.');
    if (step.channel !== 'preferred' && step.fallbacks.includes(step.channel))
      add(index, 'fallbacks', 'same-channel', 'A fallback is another channel than the first.');
    if (step.channel === 'preferred' && step.fallbacks.length === 0)
      add(index, 'fallbacks', 'fallback-missing', 'A preferred channel needs a fallback.');
  });
  return problems;
}

function dayAt({ day }: LadderStep, leadDays: number): number {
  return 'days' in day ? day.days : Math.round(day.leadShare * leadDays);
}
