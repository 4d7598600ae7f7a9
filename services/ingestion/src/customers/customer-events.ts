import type { Cause, CustomerProfile, NewEvent } from '@regulars/contracts';
import type { Customer } from './customer.js';

/** What events of one customer have in common. */
export interface EventContext {
  readonly occurredAt: Date;
  readonly cause?: Cause | undefined;
}

export function envelope(customerId: string, { occurredAt, cause }: EventContext) {
  return { key: customerId, occurredAt, ...(cause === undefined ? {} : { causedBy: cause }) };
}

export function customerRegistered(customer: Customer, context: EventContext): NewEvent {
  const { id, kind, acquisitionSource, referredBy, registeredAt, imported } = customer;
  return {
    stream: 'customer',
    type: 'CustomerRegistered',
    ...envelope(id, context),
    data: {
      customerId: id,
      kind,
      ...(acquisitionSource === undefined ? {} : { acquisitionSource }),
      ...(referredBy === undefined ? {} : { referredBy }),
      registeredAt: registeredAt.toISOString(),
      imported,
    },
  };
}

/** The whole profile; the notes stay here. */
export function profileChanged(
  customer: Customer,
  externalIds: CustomerProfile['externalIds'],
  context: EventContext,
): NewEvent {
  return {
    stream: 'customer-profile',
    type: 'CustomerProfileChanged',
    ...envelope(customer.id, context),
    data: toProfile(customer, externalIds),
  };
}

function toProfile(c: Customer, externalIds: CustomerProfile['externalIds']): CustomerProfile {
  return {
    customerId: c.id,
    kind: c.kind,
    ...(c.name === undefined ? {} : { name: c.name }),
    ...(c.phone === undefined ? {} : { phone: c.phone }),
    ...(c.email === undefined ? {} : { email: c.email }),
    messengers: c.messengers,
    socialProfiles: c.socialProfiles,
    externalIds,
    ...(c.preferredChannel === undefined ? {} : { preferredChannel: c.preferredChannel }),
    ...(c.language === undefined ? {} : { language: c.language }),
    ...(c.timeZone === undefined ? {} : { timeZone: c.timeZone }),
    importantDates: c.importantDates,
    attributes: c.attributes,
  };
}
