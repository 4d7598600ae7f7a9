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
 *
 * @param found what was found a moment ago; looked up when left out
 */
export async function resolveCustomers(
  requests: readonly CausedRequest[],
  fold: Fold,
  tx: Transaction,
  found?: FoundCustomers,
): Promise<ResolvedCustomers> {
  for (let tries = 0; tries < maxTries; tries++) {
    const { owners, ids } =
      (tries === 0 ? found : undefined) ?? (await findCustomers(requests, tx));
    const plan = planCustomers(requests, owners, ids);
    tx.send(sql`savepoint resolve_customers`);
    const resolved = await settle(requests, plan, fold, tx);
    if (resolved) return resolved;
    tx.send(sql`rollback to savepoint resolve_customers`);
  }
  throw new IdentitiesContended();
}

/** Whom requests mean, as far as one look without a lock can tell. */
export interface FoundCustomers {
  /** Customer id by key of the identity. */
  readonly owners: ReadonlyMap<string, string>;
  /** The named ids that exist. */
  readonly ids: ReadonlySet<string>;
}

export async function findCustomers(
  requests: readonly CustomerRequest[],
  tx: Transaction,
): Promise<FoundCustomers> {
  const identities = distinct(requests.flatMap((request) => request.identities));
  const named = requests.flatMap(({ id }) => (id === undefined ? [] : [id]));
  const [owners, ids] = await Promise.all([
    identityStore(tx).owners(identities),
    customerStore(tx).existing(named),
  ]);
  return { owners, ids };
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
  const customers = plan.assignments.map(
    (assignment, index) => assignment && { ...assignment, changed: changed[index] === true },
  );
  const shown = shownAnew(plan, changedKnown);

  // In this order, and all of it for nothing when an identity was added by somebody else.
  const [, added, , , stored] = await Promise.all([
    customerStore(tx).insertMany(pick(after, plan.created)),
    identityStore(tx).add(plan.newIdentities, now),
    customerStore(tx).updateMany(pick(after, changedKnown)),
    identityStore(tx).noteConflicts(conflictsOf(customers), now),
    identityStore(tx).externalValues([...shown].filter((id) => !plan.created.has(id))),
  ]);
  if (added < plan.newIdentities.length) return undefined;
  const externals = new Map([...firstExternalsOf(plan), ...stored]);
  return {
    customers,
    events: eventsOf(requests, plan, { shown: pick(after, shown), externals, now }),
  };
}

/** A new customer has no others than those of the requests: nobody has to be asked. */
function firstExternalsOf({ created, newIdentities }: CustomerPlan): Map<string, string[]> {
  const first = newIdentities.filter(
    ({ kind, customerId }) => kind === 'external' && created.has(customerId),
  );
  const values = Map.groupBy(first, ({ customerId }) => customerId);
  return new Map([...values].map(([id, own]) => [id, own.map(({ value }) => value).sort()]));
}

/** Those whose profile is another one now. */
function shownAnew(plan: CustomerPlan, changedKnown: readonly string[]): ReadonlySet<string> {
  const withNewIds = plan.newIdentities.filter(({ kind }) => kind === 'external');
  return new Set([
    ...plan.created,
    ...changedKnown,
    ...withNewIds.map(({ customerId }) => customerId),
  ]);
}

function eventsOf(
  requests: readonly CausedRequest[],
  plan: CustomerPlan,
  {
    shown,
    externals,
    now,
  }: {
    readonly shown: readonly Customer[];
    readonly externals: ReadonlyMap<string, readonly string[]>;
    readonly now: Date;
  },
): NewEvent[] {
  const causes = new Map(
    requests.map(({ cause }, index) => [plan.assignments[index]?.customerId, cause]),
  );
  return shown.flatMap((customer): NewEvent[] => {
    const context = { occurredAt: now, cause: causes.get(customer.id) };
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
