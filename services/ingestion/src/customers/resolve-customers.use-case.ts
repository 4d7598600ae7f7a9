import type { Cause, NewEvent } from '@regulars/contracts';
import { ProblemError } from '@regulars/http';
import { sql, type Transaction } from '@regulars/persistence';
import { customerRegistered, profileChanged } from './customer-events.js';
import type { Customer } from './customer.js';
import { customerStore } from './customer.store.js';
import { foldCustomers, type Fold } from './fold-customers.js';
import { keyOf, toExternalId, type Identity } from './identity.js';
import { identityStore } from './identity.store.js';
import {
  planCustomers,
  type Assignment,
  type CustomerPlan,
  type CustomerRequest,
} from './plan-customers.js';

/** Another transaction added the same identity first, again and again. */
export class IdentitiesContended extends ProblemError {
  constructor() {
    super({
      status: 503,
      code: 'identities-contended',
      title: 'Not available right now',
      detail: 'The same customers are being stored by many calls at once. Repeat the call.',
      headers: { 'retry-after': '1' },
    });
  }
}

export type CausedRequest = CustomerRequest & { readonly cause?: Cause | undefined };

export interface ResolvedCustomer extends Assignment {
  readonly changed: boolean;
}

export interface ResolvedCustomers {
  /** In the order of the requests; undefined where the named id is nobody's. */
  readonly customers: readonly (ResolvedCustomer | undefined)[];
  /** For the outbox, before the events that build on them. */
  readonly events: readonly NewEvent[];
}

const maxTries = 5;

/**
 * Finds or creates the customers of many requests at once and leaves them locked: existing ones in id order, then
 * their new identities in sorted order. When another transaction was first with an identity, everything taken
 * here is given back before looking again: the customer it points to now would be locked out of order.
 */
export async function resolveCustomers(
  requests: readonly CausedRequest[],
  fold: Fold,
  tx: Transaction,
): Promise<ResolvedCustomers> {
  for (let tries = 0; tries < maxTries; tries++) {
    const plan = await planOf(requests, tx);
    await tx.query(sql`savepoint resolve_customers`);
    const resolved = await settle(requests, plan, fold, tx);
    if (resolved) return resolved;
    await tx.query(sql`rollback to savepoint resolve_customers`);
  }
  throw new IdentitiesContended();
}

async function planOf(
  requests: readonly CustomerRequest[],
  tx: Transaction,
): Promise<CustomerPlan> {
  const identities = distinct(requests.flatMap((request) => request.identities));
  const owners = await identityStore(tx).owners(identities);
  const named = requests.flatMap(({ id }) => (id === undefined ? [] : [id]));
  return planCustomers(requests, owners, await customerStore(tx).existing(named));
}

/** Writes the plan; undefined when it no longer holds. */
async function settle(
  requests: readonly CausedRequest[],
  plan: CustomerPlan,
  fold: Fold,
  tx: Transaction,
): Promise<ResolvedCustomers | undefined> {
  const now = tx.clock.now();
  const locked = await customerStore(tx).lockMany([...plan.existing]);
  if (locked.size < plan.existing.size) return undefined; // one was erased meanwhile

  const { after, changed } = foldCustomers(requests, plan, locked, { fold, now });
  const changedKnown = [...plan.existing].filter((id) => after.get(id) !== locked.get(id));

  await customerStore(tx).insertMany(pick(after, plan.created));
  const added = await identityStore(tx).add(plan.newIdentities, now);
  if (added < plan.newIdentities.length) return undefined;
  await customerStore(tx).updateMany(pick(after, changedKnown));

  const customers = plan.assignments.map(
    (assignment, index) => assignment && { ...assignment, changed: changed[index] === true },
  );
  await identityStore(tx).noteConflicts(conflictsOf(customers), now);
  return { customers, events: await eventsOf(requests, plan, { after, changedKnown }, tx) };
}

async function eventsOf(
  requests: readonly CausedRequest[],
  plan: CustomerPlan,
  { after, changedKnown }: { after: ReadonlyMap<string, Customer>; changedKnown: string[] },
  tx: Transaction,
): Promise<NewEvent[]> {
  const withNewIds = plan.newIdentities.filter(({ kind }) => kind === 'external');
  const shown = new Set([
    ...plan.created,
    ...changedKnown,
    ...withNewIds.map(({ customerId }) => customerId),
  ]);
  const externals = await identityStore(tx).externalValues([...shown]);
  const causes = new Map(
    requests.map(({ cause }, index) => [plan.assignments[index]?.customerId, cause]),
  );
  return pick(after, shown).flatMap((customer): NewEvent[] => {
    const context = { occurredAt: tx.clock.now(), cause: causes.get(customer.id) };
    const externalIds = (externals.get(customer.id) ?? []).map(toExternalId);
    const profile = profileChanged(customer, externalIds, context);
    return plan.created.has(customer.id)
      ? [customerRegistered(customer, context), profile]
      : [profile];
  });
}

function conflictsOf(customers: readonly (ResolvedCustomer | undefined)[]) {
  return customers.flatMap((customer) =>
    (customer?.conflicts ?? []).map(({ kind, otherId }) => ({
      customerId: customer?.customerId ?? otherId,
      otherId,
      kind,
    })),
  );
}

function distinct(identities: readonly Identity[]): Identity[] {
  return [...new Map(identities.map((identity) => [keyOf(identity), identity])).values()];
}

function pick(customers: ReadonlyMap<string, Customer>, ids: Iterable<string>): Customer[] {
  return [...ids].flatMap((id) => customers.get(id) ?? []);
}
