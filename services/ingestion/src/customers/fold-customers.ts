import { newCustomer, type Customer, type CustomerFacts } from './customer.js';
import type { Assignment, CustomerPlan, CustomerRequest } from './plan-customers.js';

/** How facts change a customer who is known already. */
export type Fold = (customer: Customer, facts: CustomerFacts) => Customer;

export interface FoldedCustomers {
  /** Every customer of the plan as it is after all requests. */
  readonly after: ReadonlyMap<string, Customer>;
  /** By request: whether it changed what was known of a customer that existed. */
  readonly changed: readonly boolean[];
}

/** Applies the requests one after the other to the customers they were assigned to. */
export function foldCustomers(
  requests: readonly CustomerRequest[],
  plan: CustomerPlan,
  locked: ReadonlyMap<string, Customer>,
  { fold, now }: { readonly fold: Fold; readonly now: Date },
): FoldedCustomers {
  const after = new Map(locked);
  const changed = requests.map((request, index) => {
    const assignment = plan.assignments[index];
    if (!assignment) return false;
    const { customerId, gained } = assignment;
    const known = after.get(customerId);
    const facts = { ...request.facts, ...contactOf(request, assignment) };
    const next = known
      ? fold(known, facts)
      : newCustomer({ id: customerId, registeredAt: now, imported: request.imported }, facts);
    after.set(customerId, next);
    return known !== undefined && (next !== known || gained.length > 0);
  });
  return { after, changed };
}

/** The phone and e-mail of the request are the customer's where they point to nobody else. */
function contactOf(request: CustomerRequest, { conflicts }: Assignment): CustomerFacts {
  const own = request.identities.filter(
    (identity) =>
      !conflicts.some(({ kind, value }) => kind === identity.kind && value === identity.value),
  );
  const phone = own.find(({ kind }) => kind === 'phone')?.value;
  const email = own.find(({ kind }) => kind === 'email')?.value;
  return { ...(phone === undefined ? {} : { phone }), ...(email === undefined ? {} : { email }) };
}
