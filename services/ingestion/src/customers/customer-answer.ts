import type { ConsentState, CustomerProfile } from '@regulars/contracts';
import { err, ok } from '@regulars/kernel';
import { toConsentState, type Consent } from '../consents/consent.js';
import { fieldOf, toExternalId, type IdentityKind } from './identity.js';
import type { Customer } from './customer.js';
import type { CustomerOutcome } from './record-customers.use-case.js';
import type { Notice } from '../requests/batch-request.js';
import type { Refusal } from '../requests/refusal.js';
import type { ItemAnswer } from '../requests/run-batch.use-case.js';

/** The customer as the API shows it to a key that may read customers. */
export interface CustomerAnswer extends Omit<Customer, 'registeredAt'> {
  readonly externalIds: CustomerProfile['externalIds'];
  readonly consents: readonly ConsentState[];
  readonly registeredAt: string;
}

export function toCustomerAnswer(
  customer: Customer,
  externalValues: readonly string[],
  consents: readonly Consent[],
): CustomerAnswer {
  return {
    ...customer,
    registeredAt: customer.registeredAt.toISOString(),
    externalIds: externalValues.map(toExternalId),
    consents: consents.map(toConsentState),
  };
}

/** What a key that may only write learns: the id, and whether somebody should look. */
export function toRecordedAnswer({ customerId, kind, conflicts }: CustomerOutcome) {
  const notices = noticesOf(conflicts);
  return { id: customerId, status: kind, ...(notices.length === 0 ? {} : { notices }) };
}

function noticesOf(conflicts: readonly IdentityKind[]): Notice[] {
  return conflicts.map((kind) => ({ code: 'identity-conflict', pointer: `/${fieldOf[kind]}` }));
}

export const noSuchCustomer: Refusal = {
  status: 404,
  code: 'no-such-customer',
  detail: 'No customer has this id. Check the id.',
};

export function unknownCustomerAt(pointer: string): Refusal {
  const message = 'No customer is known by this.';
  return {
    status: 422,
    code: 'unknown-customer',
    detail: message,
    errors: [{ pointer, code: 'unknown-customer', message }],
  };
}

export function toItemAnswer(outcome: CustomerOutcome | undefined): ItemAnswer {
  if (!outcome) return err(unknownCustomerAt('/id'));
  return ok(toRecordedAnswer(outcome));
}
