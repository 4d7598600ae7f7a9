import { err, isDay, ok, type Result } from '@regulars/kernel';
import type { ConsentStatement } from '../consents/consent.js';
import { readStatements } from '../consents/read-statements.js';
import { ConsentRequest, CustomerItem } from '../requests/customer-request.js';
import { shapeReader } from '../requests/read-shape.js';
import { Impossibilities, type Refusal } from '../requests/refusal.js';
import { canonicalZone } from '../requests/time-zone.js';
import { identitiesOf, type IdentityFields } from './identity.js';
import type { CustomerFacts } from './customer.js';
import type { CustomerRequest } from './plan-customers.js';

export interface CustomerRules {
  readonly now: Date;
  readonly defaultCountry: string;
}

/** What a body says about a customer, consents included. */
export interface NewCustomer {
  readonly request: CustomerRequest;
  readonly statements: readonly ConsentStatement[];
}

export const defaultSource = 'api';
const readCustomerShape = shapeReader(CustomerItem);
const readConsentShape = shapeReader(ConsentRequest);

export function readCustomer(body: unknown, rules: CustomerRules): Result<NewCustomer, Refusal> {
  const shape = readCustomerShape(body);
  if (!shape.ok) return shape;
  const item = shape.value;
  const problems = new Impossibilities();
  const identities = namedBy(item, '', rules, problems);
  const facts = factsOf(item, problems);
  const statements = readStatements(item.consents ?? [], rules.now, problems);
  if (problems.refusal) return err(problems.refusal);
  const id = item.id === undefined ? {} : { id: item.id };
  return ok({
    request: { ...id, identities, facts, imported: item.imported ?? false },
    statements,
  });
}

export function readConsents(body: unknown, rules: CustomerRules): Result<NewCustomer, Refusal> {
  const shape = readConsentShape(body);
  if (!shape.ok) return shape;
  const { customer, consents } = shape.value;
  const problems = new Impossibilities();
  const identities = namedBy(customer, '/customer', rules, problems);
  const statements = readStatements(consents, rules.now, problems);
  if (problems.refusal) return err(problems.refusal);
  const id = customer.id === undefined ? {} : { id: customer.id };
  return ok({ request: { ...id, identities, facts: {}, imported: false }, statements });
}

function namedBy(
  fields: IdentityFields & { readonly id?: string },
  pointer: string,
  rules: CustomerRules,
  problems: Impossibilities,
) {
  const context = { source: defaultSource, defaultCountry: rules.defaultCountry, pointer };
  const identities = identitiesOf(fields, context, problems);
  const named = [fields.id, fields.phone, fields.email, fields.externalId];
  if (named.every((name) => name === undefined)) {
    problems.add(
      'no-identity',
      pointer,
      'Send the phone, e-mail, externalId or id of the customer.',
    );
  }
  return identities;
}

/** Everything the body says beside who is meant. */
function factsOf(item: CustomerItem, problems: Impossibilities): CustomerFacts {
  const {
    id: _id,
    phone: _phone,
    email: _email,
    externalId: _externalId,
    source: _source,
    ...rest
  } = item;
  const { consents: _consents, imported: _imported, timeZone: name, ...facts } = rest;
  (facts.importantDates ?? []).forEach(({ date }, index) => {
    if (isImportantDay(date)) return;
    const pointer = `/importantDates/${String(index)}/date`;
    problems.add('impossible-date', pointer, 'The calendar has no such day.');
  });
  if (name === undefined) return facts;
  const timeZone = canonicalZone(name);
  if (timeZone !== undefined) return { ...facts, timeZone };
  problems.add('unknown-time-zone', '/timeZone', 'Use an IANA time zone such as "Europe/Berlin".');
  return facts;
}

/** "--02-29" exists in some years, "1981-02-29" never did. */
function isImportantDay(date: string): boolean {
  return isDay(date.startsWith('--') ? `2000${date.slice(1)}` : date);
}
