import {
  defaultBacklogPerDay,
  defaultLadder,
  defaultLead,
  defaultShortCycleDays,
} from './campaign-defaults.js';
import type { CampaignDefinition } from './campaign.js';

/** The campaign that one gets by naming an audience and nothing else. */
export function aDefinition(over: Partial<CampaignDefinition> = {}): CampaignDefinition {
  return {
    name: 'Due soon',
    purpose: 'marketing',
    audience: { segments: ['regular', 'periodic'], lostKinds: [] },
    trigger: { kind: 'due-day', daysAfter: 0 },
    lead: defaultLead,
    shortCycleDays: defaultShortCycleDays,
    ladder: defaultLadder,
    backlogPerDay: defaultBacklogPerDay,
    ...over,
  };
}
