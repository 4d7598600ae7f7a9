import type { Channel, ConsentState } from '@regulars/contracts';
import type { CustomerFacts, Guardrails, JudgedTouch } from './judge-touch.js';
import { parseQuietHours } from './quiet-hours.js';

export const instant = (text: string): Date => new Date(text);

export function aTouch(over: Partial<JudgedTouch> = {}): JudgedTouch {
  return {
    purpose: 'marketing',
    channels: ['email'],
    expiresAt: instant('2027-01-01T00:00Z'),
    fulfilsAgreement: false,
    ...over,
  };
}

export function consentTo(...channels: Channel[]): ConsentState[] {
  return channels.map((channel) => ({
    channel,
    purpose: 'marketing',
    state: 'granted',
    changedAt: '2026-01-01T00:00:00Z',
  }));
}

export function aCustomer(over: Partial<CustomerFacts> = {}): CustomerFacts {
  return {
    timeZone: 'Europe/Berlin',
    consents: consentTo('email'),
    stopStanding: false,
    reachable: new Set<Channel>(['email', 'task', 'webhook']),
    touchedAt: [],
    consentUnknown: false,
    ...over,
  };
}

export function guardrails(over: Partial<Guardrails> & { quiet?: string } = {}): Guardrails {
  const { quiet = '21:00-09:00', ...rest } = over;
  return {
    quietHours: parseQuietHours(quiet) ?? { from: 0, to: 0 },
    frequencyCap: { touches: 3, days: 14 },
    campaignPaused: false,
    behind: false,
    ...rest,
  };
}
