import { addDays, type Day } from '@regulars/kernel';
import type { CampaignDefinition } from '../campaigns/campaign.js';
import { offsetsOf, planLadder, type PlannedStep } from '../ladders/plan-ladder.js';

/** A late ladder keeps its order and its pauses, and begins today. */
export function releaseLadder(
  definition: CampaignDefinition,
  cycleDays: number,
  today: Day,
  timeZone: string,
): PlannedStep[] {
  const offsets = offsetsOf(definition, cycleDays);
  const triggerDay = addDays(today, -Math.min(...offsets));
  return planLadder(definition, offsets, triggerDay, timeZone);
}
