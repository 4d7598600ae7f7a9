export const offerRules = ['once', 'per-cycle', 'every-days'] as const;
/** How often an offer may be made to one customer. */
export type OfferRule = (typeof offerRules)[number];

/** A concrete thing proposed. */
export interface Offer {
  readonly id: string;
  readonly code: string;
  readonly title: string;
  readonly terms: string | null;
  readonly rule: OfferRule;
  readonly everyDays: number | null;
  readonly validDays: number | null;
}

/** What an offer is made once per: a customer, a cycle, or (checked against the last one) a touch. */
export function offerSlot(offer: Offer, making: { cycle: string; touchId: string }): string {
  switch (offer.rule) {
    case 'once':
      return 'once';
    case 'per-cycle':
      return making.cycle;
    case 'every-days':
      return making.touchId;
  }
}

export function expiryOf(offer: Offer, madeAt: Date): Date | undefined {
  if (offer.validDays === null) return undefined;
  return new Date(madeAt.getTime() + offer.validDays * 86_400_000);
}

export interface OfferMaking {
  readonly customerId: string;
  readonly campaignId: string;
  readonly touchId: string;
  readonly cycle: string;
}
