import type { Transaction } from '@regulars/persistence';
import { consentStore } from '../consents/consent.store.js';
import { toCustomerAnswer, type CustomerAnswer } from './customer-answer.js';
import type { Customer } from './customer.js';
import { customerStore } from './customer.store.js';
import { keyOf, type Identity } from './identity.js';
import { identityStore } from './identity.store.js';
import type { CustomerRequest } from './plan-customers.js';

type Reading = Pick<Transaction, 'query'>;

/** The id that the request's strongest known identity points to. */
export async function findCustomerId(
  request: Pick<CustomerRequest, 'id' | 'identities'>,
  tx: Reading,
): Promise<string | undefined> {
  if (request.id !== undefined) return request.id;
  const owners = await identityStore(tx).owners(request.identities);
  return request.identities
    .map((identity) => owners.get(keyOf(identity)))
    .find((owner) => owner !== undefined);
}

export async function findByIdentity(
  identity: Identity,
  tx: Reading,
): Promise<Customer | undefined> {
  const id = await findCustomerId({ identities: [identity] }, tx);
  return id === undefined ? undefined : customerStore(tx).find(id);
}

/** Customers with their external ids and consents. */
export async function withDetails(
  customers: readonly Customer[],
  tx: Reading,
): Promise<CustomerAnswer[]> {
  const ids = customers.map(({ id }) => id);
  const externals = await identityStore(tx).externalValues(ids);
  const consents = await consentStore(tx).ofCustomers(ids);
  return customers.map((customer) =>
    toCustomerAnswer(customer, externals.get(customer.id) ?? [], consents.get(customer.id) ?? []),
  );
}
