import type { KnownCustomer } from '../guardrails/known-customer.js';
import { judgeTouch, skip, type Guardrails, type Verdict } from '../guardrails/judge-touch.js';
import { channelsOf } from '../ladders/plan-ladder.js';
import type { Touch } from '../touches/touch.js';

/** What the campaign of a touch says about it now. */
export interface CampaignBrief {
  readonly purpose: string;
  readonly paused: boolean;
}

export interface Judged {
  readonly touch: Touch;
  readonly customer: KnownCustomer | undefined;
  readonly verdict: Verdict;
}

/** Judges touches one after another, so that two of the same customer count against the same cap. Pure. */
export function judgeBatch(
  touches: readonly Touch[],
  customers: ReadonlyMap<string, KnownCustomer>,
  briefOf: (touch: Touch) => CampaignBrief,
  rules: Omit<Guardrails, 'campaignPaused'>,
  now: Date,
): Judged[] {
  const touchedAt = new Map<string, Date[]>();
  const inOrder = touches.toSorted(
    (a, b) => a.dueAt.getTime() - b.dueAt.getTime() || (a.id < b.id ? -1 : 1),
  );
  return inOrder.map((touch) => {
    const customer = customers.get(touch.customerId);
    if (!customer || customer.erased) return { touch, customer, verdict: skip('erased') };
    const brief = briefOf(touch);
    const counted = touchedAt.get(customer.id) ?? [];
    touchedAt.set(customer.id, counted);
    // A touch that is tried again does not count against itself.
    const others = customer.touched.filter(({ touchId }) => touchId !== touch.id);
    const verdict = judgeTouch(
      {
        purpose: brief.purpose,
        channels: channelsOf(touch.channels, customer.preferredChannel),
        expiresAt: touch.expiresAt,
        fulfilsAgreement: touch.agreementId !== null,
      },
      { ...customer, touchedAt: [...others.map(({ at }) => at), ...counted] },
      { ...rules, campaignPaused: brief.paused },
      now,
    );
    if (verdict.kind === 'send') counted.push(now);
    return { touch, customer, verdict };
  });
}
