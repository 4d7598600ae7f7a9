import type { Channel } from '@regulars/contracts';
import { addDays, type Day } from '@regulars/kernel';
import type { CampaignDefinition, LadderStep } from '../campaigns/campaign.js';
import { hourAt } from './hour-at.js';
import { leadDays, stepOffset } from './lead.js';

/** A step of a ladder, hung on a day and an hour of one customer. */
export interface PlannedStep {
  readonly step: LadderStep;
  readonly day: Day;
  readonly dueAt: Date;
  /** When the next step is due; the last one may wait a while longer. */
  readonly expiresAt: Date;
}

/** Long enough for a full frequency window to empty. */
const lastStepMayWaitDays = 14;

/** Days from the trigger day to each step, for a customer of that cycle. */
export function offsetsOf(definition: CampaignDefinition, cycleDays: number): number[] {
  const lead = leadDays(definition.lead, cycleDays);
  const offsets = definition.ladder.map((step) => stepOffset(step, lead));
  const shortCycle = definition.trigger.kind === 'due-day' && cycleDays < definition.shortCycleDays;
  if (!shortCycle) return offsets;
  // Three touches per short cycle would pester: the whole ladder moves behind the due day.
  const shift = Math.max(0, 1 - Math.min(...offsets));
  return offsets.map((offset) => offset + shift);
}

export function planLadder(
  definition: CampaignDefinition,
  offsets: readonly number[],
  triggerDay: Day,
  timeZone: string,
): PlannedStep[] {
  const hung = definition.ladder.map((step, index) => {
    const day = addDays(triggerDay, offsets[index] ?? 0);
    return { step, day, dueAt: hourAt(day, step.hour, timeZone) };
  });
  return hung.map((planned, index) => {
    const next = hung[index + 1]?.dueAt;
    const { day, step } = planned;
    const expiresAt = next ?? hourAt(addDays(day, lastStepMayWaitDays), step.hour, timeZone);
    return { ...planned, expiresAt };
  });
}

/** Channels that a step can go out on; another preferred one gives way to the fallbacks. */
const built: ReadonlySet<string> = new Set(['email', 'task', 'webhook']);

/** The channels of a step in order, the customer's own choice put in where the step asks for it. */
export function channelsOf(channels: readonly string[], preferred: Channel | undefined): Channel[] {
  const resolved = channels.flatMap((channel) =>
    channel === 'preferred'
      ? preferred && built.has(preferred)
        ? [preferred]
        : []
      : [channel as Channel],
  );
  return [...new Set(resolved)];
}
