import type { Channel, ConsentState } from '@regulars/contracts';

/** Channels that reach the customer's own device: no record means no. */
const needsRecord: ReadonlySet<Channel> = new Set([
  'email',
  'sms',
  'telegram',
  'whatsapp',
  'viber',
  'audience',
]);

/**
 * Whether the customer may be touched on a channel for a purpose. A person's task and a webhook to the company's own
 * systems need no record, but a recorded withdrawal for that channel forbids them, and so does a "stop" that no
 * consent was given after: whoever asks for peace gets no call either.
 */
export function allows(
  consents: readonly ConsentState[],
  channel: Channel,
  purpose: string,
  lastStopAt: Date | undefined,
): boolean {
  const record = consents.find((c) => c.channel === channel && c.purpose === purpose);
  if (record?.state === 'withdrawn') return false;
  if (record?.state === 'granted') return true;
  return !needsRecord.has(channel) && !stoppedForGood(consents, purpose, lastStopAt);
}

function stoppedForGood(
  consents: readonly ConsentState[],
  purpose: string,
  lastStopAt: Date | undefined,
): boolean {
  if (!lastStopAt) return false;
  return !consents.some(
    (consent) =>
      consent.purpose === purpose &&
      consent.state === 'granted' &&
      Date.parse(consent.changedAt) > lastStopAt.getTime(),
  );
}
