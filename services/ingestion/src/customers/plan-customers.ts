import { newId } from '@regulars/kernel';
import type { CustomerFacts } from './customer.js';
import { keyOf, type Identity } from './identity.js';

/** A request that names a customer by id, identities, or both. */
export interface CustomerRequest {
  readonly id?: string;
  /** Strongest first. */
  readonly identities: readonly Identity[];
  readonly facts: CustomerFacts;
  readonly imported: boolean;
}

export interface OwnedIdentity extends Identity {
  readonly customerId: string;
}

/** An identity that points to somebody else than the stronger one beside it. */
export interface IdentityConflict extends Identity {
  readonly otherId: string;
}

export interface Assignment {
  readonly customerId: string;
  /** Whether this request is the first to know of the customer. */
  readonly isNew: boolean;
  readonly conflicts: readonly IdentityConflict[];
  /** Identities that pointed to nobody and point to this customer now. */
  readonly gained: readonly OwnedIdentity[];
}

export interface CustomerPlan {
  /** In the order of the requests; undefined where the named id is nobody's. */
  readonly assignments: readonly (Assignment | undefined)[];
  readonly created: ReadonlySet<string>;
  readonly existing: ReadonlySet<string>;
  readonly newIdentities: readonly OwnedIdentity[];
}

/**
 * Who is meant by each request, one after the other as if they came singly. The strongest identity that points
 * to somebody decides; a weaker one that points to somebody else is a conflict and moves nothing (records are
 * merged on purpose only). Identities that nobody has are added to the customer.
 *
 * @param owners customer id by {@link keyOf} of the identity
 * @param ids the ids among the named ones that exist
 */
export function planCustomers(
  requests: readonly CustomerRequest[],
  owners: ReadonlyMap<string, string>,
  ids: ReadonlySet<string>,
): CustomerPlan {
  const ownerOf = new Map(owners);
  const assignments = requests.map((request) => assign(request, ownerOf, ids));
  const assigned = assignments.filter((assignment) => assignment !== undefined);
  const created = new Set(
    assigned.filter(({ isNew }) => isNew).map(({ customerId }) => customerId),
  );
  return {
    assignments,
    created,
    existing: new Set(assigned.map(({ customerId }) => customerId)).difference(created),
    newIdentities: assigned.flatMap(({ gained }) => gained),
  };
}

/** Adds what it gives away to `ownerOf`, for the requests that follow. */
function assign(
  { id, identities }: CustomerRequest,
  ownerOf: Map<string, string>,
  ids: ReadonlySet<string>,
): Assignment | undefined {
  if (id !== undefined && !ids.has(id)) return undefined;
  const owners = identities.map((identity) => ownerOf.get(keyOf(identity)));
  const known = id ?? owners.find((owner) => owner !== undefined);
  const customerId = known ?? newId();
  const conflicts: IdentityConflict[] = [];
  const gained: OwnedIdentity[] = [];
  identities.forEach((identity, index) => {
    const otherId = owners[index];
    if (otherId === undefined) {
      ownerOf.set(keyOf(identity), customerId);
      gained.push({ ...identity, customerId });
    } else if (otherId !== customerId) {
      conflicts.push({ ...identity, otherId });
    }
  });
  return { customerId, isNew: known === undefined, conflicts, gained };
}
