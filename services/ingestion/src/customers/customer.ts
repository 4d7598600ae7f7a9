import { isDeepStrictEqual } from 'node:util';
import type { CustomerKind, CustomerProfile } from '@regulars/contracts';

type Profile = CustomerProfile;

/** A customer with the profile. Lists are empty, never missing. */
export interface Customer {
  readonly id: string;
  readonly kind: CustomerKind;
  readonly name?: string;
  readonly phone?: string;
  readonly email?: string;
  readonly messengers: Profile['messengers'];
  readonly socialProfiles: Profile['socialProfiles'];
  readonly preferredChannel?: NonNullable<Profile['preferredChannel']>;
  readonly language?: string;
  readonly timeZone?: string;
  readonly importantDates: Profile['importantDates'];
  readonly attributes: Profile['attributes'];
  /** In words, for people; leaves this service only through its API. */
  readonly notes?: string;
  readonly acquisitionSource?: string;
  readonly referredBy?: string;
  readonly imported: boolean;
  readonly registeredAt: Date;
}

/** What a request says about a customer; what is missing is not said. */
export type CustomerFacts = Partial<Omit<Customer, 'id' | 'registeredAt' | 'imported'>>;

export function newCustomer(
  start: Pick<Customer, 'id' | 'registeredAt' | 'imported'>,
  facts: CustomerFacts,
): Customer {
  return {
    ...start,
    kind: 'person',
    messengers: [],
    socialProfiles: [],
    importantDates: [],
    attributes: {},
    ...facts,
  };
}

/** A request about the customer: what it says replaces what was known. */
export function changeCustomer(customer: Customer, facts: CustomerFacts): Customer {
  const changed = { ...customer, ...facts };
  return isDeepStrictEqual(changed, customer) ? customer : changed;
}

/** A purchase mentions the customer: it adds what was not known and changes nothing. */
export function fillCustomer(customer: Customer, facts: CustomerFacts): Customer {
  const missing = Object.entries(facts).filter(([field]) => !(field in customer));
  return missing.length === 0 ? customer : { ...customer, ...Object.fromEntries(missing) };
}
