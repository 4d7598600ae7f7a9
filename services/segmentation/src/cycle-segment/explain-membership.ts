import { defaultRules } from '@regulars/forecasting/rhythm';
import { daysBetween, type Day } from '@regulars/kernel';
import type { Membership } from './membership.js';

/** The decision as a sentence with its numbers, as of a day. */
export function explainMembership(membership: Membership, today: Day): string {
  const { segment, sinceDay, inputs } = membership;
  const bought = `${plural(inputs.purchaseCount, 'purchase day')}${silence(membership, today)}`;
  switch (segment) {
    case 'no-purchase':
      return `Known since ${sinceDay}, has not bought.`;
    case 'new':
      return `New: bought once${silence(membership, today)}, still within the usual time to a second purchase (until ${inputs.newUntilDay ?? 'unknown'}).`;
    case 'one-time':
      return `One-time: bought once${silence(membership, today)}, and the usual time to a second purchase passed${inputs.newUntilDay === undefined ? '' : ` on ${inputs.newUntilDay}`}.`;
    case 'lost':
      if (membership.lostKind === 'no-cycle') {
        return `No cycle: ${bought}, at times that chance explains${chance(inputs.pNoCycle, inputs.pNoCycleLimit, 'of no cycle')}.`;
      }
      return `Lost since ${sinceDay}: ${bought}; silence is normal until ${inputs.lostDay ?? 'unknown'}${typicalGap(membership)}.`;
    case 'regular':
      return `Regular: ${bought}${typicalGap(membership)}${variation(membership)}: a steady cycle${steadiness(membership)}.`;
    case 'periodic':
      return `Periodic: ${bought}${typicalGap(membership)}${variation(membership)}; ${whyNotRegular(membership)}.`;
  }
}

function plural(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function silence({ inputs }: Membership, today: Day): string {
  if (inputs.lastPurchaseDay === undefined) return '';
  const days = daysBetween(inputs.lastPurchaseDay, today);
  return days === 0 ? ', last today' : `, last ${plural(days, 'day')} ago`;
}

function typicalGap({ inputs }: Membership): string {
  return inputs.cycleDays === undefined
    ? ''
    : `, typical gap ${String(Math.round(inputs.cycleDays))} d`;
}

function variation({ inputs }: Membership): string {
  if (inputs.gapVariation === undefined) return '';
  return `, gaps vary by ${percent(inputs.gapVariation)}`;
}

function steadiness({ inputs }: Membership): string {
  return chance(inputs.pRegular, inputs.pRegularLimit, 'that it is one');
}

function whyNotRegular(membership: Membership): string {
  return membership.inputs.pRegularLimit === undefined
    ? `regular needs ${String(defaultRules.regularRepeats)} repeats`
    : `too loose or too short a history to be called steady${steadiness(membership)}`;
}

function chance(probability: number | undefined, limit: number | undefined, of: string): string {
  if (probability === undefined || limit === undefined) return '';
  return ` (chance ${of} ${percent(probability)}, limit ${percent(limit)})`;
}

const percent = (share: number): string => `${String(Math.round(share * 100))} %`;
