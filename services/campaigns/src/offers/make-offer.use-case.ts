import { outbox } from '@regulars/outbox';
import type { Transaction } from '@regulars/persistence';
import type { Touch } from '../touches/touch.js';
import { expiryOf, type Offer } from './offer.js';
import { offerLedgerStore } from './offer.store.js';

/** Ticks the offer of a touch that is about to leave; false when it may not be made to this customer now. */
export async function makeOffer(tx: Transaction, offer: Offer, touch: Touch): Promise<boolean> {
  const now = tx.clock.now();
  const { customerId, campaignId, cycle } = touch;
  const making = { customerId, campaignId, cycle, touchId: touch.id };
  const made = await offerLedgerStore(tx).make(offer, making, now);
  if (made === 'made') {
    const expiresAt = expiryOf(offer, now);
    await outbox(tx).add([
      {
        stream: 'offer',
        type: 'OfferMade',
        key: customerId,
        occurredAt: now,
        data: {
          offerId: offer.id,
          ...making,
          madeAt: now.toISOString(),
          ...(expiresAt ? { expiresAt: expiresAt.toISOString() } : {}),
        },
      },
    ]);
  }
  return made !== 'taken';
}
