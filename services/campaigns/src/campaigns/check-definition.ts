import { directnessRank } from '../ladders/directness.js';
import { stepOffset } from '../ladders/lead.js';
import type { CampaignDefinition, LadderStep, LeadRule } from './campaign.js';

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

/** Presence, a reminder, an offer: nobody is led back by less. */
const leastSteps = 3;

function checkLength({ ladder }: CampaignDefinition): DefinitionProblem[] {
  if (ladder.length >= leastSteps) return [];
  const message = `A ladder has at least ${String(leastSteps)} steps.`;
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
    const backwards = before && fieldThatRunsBackwards(before, step, lead);
    if (backwards)
      add(index, backwards, 'step-before-last', 'A step cannot come before the one above it.');
    if (trigger.kind === 'purchase' && stepOffset(step, lead.maxDays) < 0)
      add(index, 'day', 'before-purchase', 'A step after a purchase cannot come before it.');
    if (step.channel !== 'preferred' && step.fallbacks.includes(step.channel))
      add(index, 'fallbacks', 'same-channel', 'A fallback is another channel than the first.');
    if (step.channel === 'preferred' && step.fallbacks.length === 0)
      add(index, 'fallbacks', 'fallback-missing', 'A preferred channel needs a fallback.');
  });
  return problems;
}

/** Looked at for every lead: between its ends rounding may bring two steps onto one day, where hours decide. */
function fieldThatRunsBackwards(
  before: LadderStep,
  step: LadderStep,
  { minDays, maxDays }: LeadRule,
): 'day' | 'hour' | undefined {
  let field: 'hour' | undefined;
  for (let lead = Math.min(minDays, maxDays); lead <= maxDays; lead += 1) {
    const days = stepOffset(step, lead) - stepOffset(before, lead);
    if (days < 0) return 'day';
    if (days === 0 && step.hour < before.hour) field = 'hour';
  }
  return field;
}
