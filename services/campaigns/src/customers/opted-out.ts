import type { Channel, ConsentState } from '@regulars/contracts';
import { allows } from './consent.js';

/**
 * Whether a consent was withdrawn so that none of the channels is left: then a planned touch is skipped at once, not
 * when it comes due. A record that is merely missing may still come.
 */
export function optedOut(
  consents: readonly ConsentState[],
  channels: readonly Channel[],
  purpose: string,
  lastStopAt: Date | undefined,
): boolean {
  if (channels.some((channel) => allows(consents, channel, purpose, lastStopAt))) return false;
  return consents.some(
    (consent) =>
      consent.state === 'withdrawn' &&
      consent.purpose === purpose &&
      channels.includes(consent.channel),
  );
}
