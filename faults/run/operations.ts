import { addDays, dayOf, type Day } from '@regulars/kernel';
import { afternoonZone } from '../../e2e/house/busy-day.ts';
import type { OperationKind } from '../checker/history.ts';
import type { Dice } from '@regulars/testing';

/** What a client asks for, under a key that stays the same when it asks again. */
export interface Request {
  readonly key: string;
  readonly kind: OperationKind;
  readonly customer: string;
  readonly path: string;
  readonly body: object;
}

/** A purchase that was acknowledged, so that it can be refunded. */
export interface Bought {
  readonly id: string;
  readonly orderId: string;
  readonly customer: string;
}

export const nameOf = (customer: number): string => `customer-${String(customer)}`;
export const purchaseKey = (orderId: string): string => orderId;
export const refundKey = (orderId: string): string => `refund of ${orderId}`;
export const optOutKey = (customer: string): string => `opt-out of ${customer}`;

/**
 * A share of the purchases is of today: that is what campaigns wait for, so touches leave all the while. The others lie
 * in the year before, in mixed order.
 */
export function aPurchase(
  index: number,
  { customers, ofToday }: { readonly customers: number; readonly ofToday: number },
  random: Dice,
): Request {
  const today = dayOf(new Date(), afternoonZone);
  const day: Day = random.roll() < ofToday ? today : addDays(today, -1 - random.below(360));
  const customer = nameOf(random.below(customers));
  const orderId = `order-${String(index)}`;
  return {
    key: purchaseKey(orderId),
    kind: 'purchase',
    customer,
    path: '/v1/purchases',
    body: {
      orderId,
      customer: { externalId: customer },
      purchaseDay: day,
      total: { amountMinor: 1_000 + random.below(9_000), currency: 'EUR' },
    },
  };
}

/** A part of the money back. */
export function aRefund({ id, orderId, customer }: Bought, random: Dice): Request {
  return {
    key: refundKey(orderId),
    kind: 'refund',
    customer,
    path: `/v1/purchases/${id}/refunds`,
    body: {
      refundId: `refund-${orderId}`,
      amount: { amountMinor: 1 + random.below(900), currency: 'EUR' },
    },
  };
}

/** For good: nobody in a run comes back. */
export function anOptOut(customer: string): Request {
  return {
    key: optOutKey(customer),
    kind: 'opt-out',
    customer,
    path: '/v1/consents',
    body: {
      customer: { externalId: customer },
      consents: [{ channel: 'email', state: 'withdrawn', evidence: 'asked at the till' }],
    },
  };
}
