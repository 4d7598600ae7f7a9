import type { Channel } from '@regulars/contracts';
import { dayOf, daysBetween, type Day } from '@regulars/kernel';
import type { KnownCustomer } from '../guardrails/known-customer.js';
import type { TemplateFacts } from '../templates/template.js';
import type { Touch } from '../touches/touch.js';

/** An offer as a message words it. */
export interface OfferWords {
  readonly title: string;
  readonly terms?: string;
  readonly until?: Day;
}

/** All that a template may say in one touch; what is not known is left out. */
export function templateFacts(
  touch: Touch,
  channel: Channel,
  customer: KnownCustomer,
  companyName: string,
  offer: OfferWords | undefined,
  now: Date,
): TemplateFacts {
  const today = dayOf(now, customer.timeZone);
  const { lastPurchaseDay, dueDay, cycleDays, name } = customer;
  return {
    customer: { id: customer.id, ...(name === undefined ? {} : { name }) },
    company: { name: companyName },
    touch: { id: touch.id, channel },
    ...(lastPurchaseDay === undefined
      ? {}
      : {
          lastPurchaseDay,
          daysSinceLastPurchase: Math.max(0, daysBetween(lastPurchaseDay, today)),
        }),
    ...(dueDay === undefined ? {} : { dueDay }),
    ...(cycleDays === undefined ? {} : { cycleDays: Math.round(cycleDays) }),
    ...(offer ? { offer } : {}),
  };
}
