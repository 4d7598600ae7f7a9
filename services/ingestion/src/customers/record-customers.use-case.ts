import type { Cause } from '@regulars/contracts';
import { outbox } from '@regulars/outbox';
import type { Transaction } from '@regulars/persistence';
import { recordConsents } from '../consents/record-consents.use-case.js';
import { changeCustomer } from './customer.js';
import type { IdentityKind } from './identity.js';
import type { NewCustomer } from './read-customer.js';
import { resolveCustomers } from './resolve-customers.use-case.js';

export type CausedCustomer = NewCustomer & { readonly cause?: Cause | undefined };

export interface CustomerOutcome {
  readonly kind: 'created' | 'updated' | 'unchanged';
  readonly customerId: string;
  /** Identities that point to somebody else and stayed there. */
  readonly conflicts: readonly IdentityKind[];
}

/** Creates or changes customers with their consents; undefined where the named id is nobody's. */
export async function recordCustomers(
  customers: readonly CausedCustomer[],
  tx: Transaction,
): Promise<(CustomerOutcome | undefined)[]> {
  const requests = customers.map(({ request, cause }) => ({ ...request, cause }));
  const resolved = await resolveCustomers(requests, changeCustomer, tx);
  const entries = customers.map(({ statements, cause }, index) => ({
    customerId: resolved.customers[index]?.customerId,
    statements,
    cause,
  }));
  const spoken = entries.flatMap((entry) =>
    entry.customerId === undefined || entry.statements.length === 0
      ? []
      : [{ ...entry, customerId: entry.customerId, entry }],
  );
  const consents = await recordConsents(spoken, 'api', tx);
  const changed = new Map(spoken.map(({ entry }, index) => [entry, consents.changed[index]]));
  await outbox(tx).add([...resolved.events, ...consents.events]);

  return resolved.customers.map((customer, index) => {
    if (!customer) return undefined;
    const entry = entries[index];
    const updated = customer.changed || (entry !== undefined && changed.get(entry) === true);
    return {
      kind: customer.isNew ? 'created' : updated ? 'updated' : 'unchanged',
      customerId: customer.customerId,
      conflicts: customer.conflicts.map(({ kind }) => kind),
    };
  });
}
