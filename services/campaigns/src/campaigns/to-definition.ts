import type { CampaignBody, StepBody } from './campaign-request.dto.js';
import {
  defaultBacklogPerDay,
  defaultLadder,
  defaultLead,
  defaultPurpose,
  defaultShortCycleDays,
  defaultStepHour,
} from './campaign-defaults.js';
import type { CampaignDefinition, LadderStep } from './campaign.js';

/** A request with its defaults filled in. */
export function toDefinition(body: CampaignBody): CampaignDefinition {
  const { trigger, audience, lead } = body;
  return {
    name: body.name,
    purpose: body.purpose ?? defaultPurpose,
    audience: { segments: audience.segments, lostKinds: audience.lostKinds ?? [] },
    trigger: { kind: trigger.kind, daysAfter: trigger.daysAfter ?? 0 },
    lead: {
      share: lead?.share ?? defaultLead.share,
      minDays: lead?.minDays ?? defaultLead.minDays,
      maxDays: lead?.maxDays ?? defaultLead.maxDays,
    },
    shortCycleDays: body.shortCycleDays ?? defaultShortCycleDays,
    ladder: body.ladder?.map(toStep) ?? (trigger.kind === 'due-day' ? defaultLadder : []),
    backlogPerDay: body.backlogPerDay ?? defaultBacklogPerDay,
  };
}

function toStep(body: StepBody, index: number): LadderStep {
  return {
    step: index + 1,
    day: body.leadShare === undefined ? { days: body.day ?? 0 } : { leadShare: body.leadShare },
    directness: body.directness,
    channel: body.channel ?? 'email',
    fallbacks: body.fallbacks ?? [],
    hour: body.hour ?? defaultStepHour,
    ...(body.template === undefined ? {} : { template: body.template }),
    ...(body.templateVersion === undefined ? {} : { templateVersion: body.templateVersion }),
    ...(body.offerId === undefined ? {} : { offerId: body.offerId }),
  };
}
