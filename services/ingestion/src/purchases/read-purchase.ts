import { hash } from 'node:crypto';
import type { OrderLine } from '@regulars/contracts';
import { err, ok, type Result } from '@regulars/kernel';
import { identitiesOf } from '../customers/identity.js';
import type { CustomerRequest } from '../customers/plan-customers.js';
import type { PurchaseCustomer } from '../requests/customer-request.js';
import { PurchaseItem, type LineItem } from '../requests/purchase-request.js';
import { shapeReader } from '../requests/read-shape.js';
import { Impossibilities, type Refusal } from '../requests/refusal.js';
import { canonicalZone } from '../requests/time-zone.js';
import { judgeAmount, judgeMoney } from './read-money.js';
import { purchaseTimeOf, type PurchaseTime } from './purchase-time.js';

/** What a purchase is read by: settings of the company and the moment. */
export interface ReadingRules {
  readonly now: Date;
  readonly defaultCountry: string;
  /** Zone of a source (a shop), else of the company. */
  readonly zoneOf: (source: string) => string;
}

/** A purchase that can be recorded: everything about it is possible, only its customer is not looked up yet. */
export interface NewPurchase extends PurchaseTime {
  readonly source: string;
  readonly orderId: string;
  readonly customer: CustomerRequest;
  readonly totalMinor: number;
  readonly currency: string;
  readonly lines: readonly OrderLine[];
  readonly imported: boolean;
  /** Hash of what was sent; tells a retry from another purchase under the same key. */
  readonly content: Buffer;
}

export const defaultSource = 'api';
const readShape = shapeReader(PurchaseItem);

/** One item, from JSON to a purchase, or everything that is wrong with it. */
export function readPurchase(body: unknown, rules: ReadingRules): Result<NewPurchase, Refusal> {
  const shape = readShape(body);
  if (!shape.ok) return shape;
  const item = shape.value;
  const ambiguous = oneTime(item);
  if (ambiguous) return err(ambiguous);

  const source = item.source ?? defaultSource;
  const problems = new Impossibilities();
  const customer = customerOf(item.customer, source, item.imported ?? false, rules, problems);
  const time = purchaseTimeOf(item, { zone: rules.zoneOf(source), now: rules.now }, problems);
  judgeMoney(item.total, '/total', problems);
  judgeLines(item.lines ?? [], problems);
  if (problems.refusal || !time) return err(problems.refusal ?? impossibleTime);

  return ok({
    ...time,
    source,
    orderId: item.orderId,
    customer,
    totalMinor: item.total.amountMinor,
    currency: item.total.currency,
    lines: item.lines ?? [],
    imported: item.imported ?? false,
    content: contentOf(item, { source, customer, time }),
  });
}

/** Exactly one of the two, or the other one would be dropped in silence. */
export function oneTime(item: { purchasedAt?: string; purchaseDay?: string }): Refusal | undefined {
  const given = [item.purchasedAt, item.purchaseDay].filter((time) => time !== undefined).length;
  if (given === 1) return undefined;
  const message = 'Send either /purchasedAt or /purchaseDay.';
  const code = given === 0 ? 'required' : 'one-of';
  return {
    status: 400,
    code: 'invalid-request',
    detail: message,
    errors: [{ pointer: '/purchasedAt', code, message }],
  };
}

const impossibleTime: Refusal = {
  status: 422,
  code: 'impossible-time',
  detail: 'The calendar has no such time.',
};

export function judgeLines(lines: readonly LineItem[], problems: Impossibilities): void {
  lines.forEach(({ amountMinor }, index) => {
    judgeAmount(amountMinor, `/lines/${String(index)}/amountMinor`, problems);
  });
}

function customerOf(
  body: PurchaseCustomer,
  source: string,
  imported: boolean,
  rules: ReadingRules,
  problems: Impossibilities,
): CustomerRequest {
  const context = { source, defaultCountry: rules.defaultCountry, pointer: '/customer' };
  const identities = identitiesOf(body, context, problems);
  const named = [body.id, body.phone, body.email, body.externalId];
  if (named.every((name) => name === undefined)) {
    problems.add(
      'no-identity',
      '/customer',
      'Send the phone, e-mail, externalId or id of the customer.',
    );
  }
  const { name, kind, language } = body;
  const timeZone = body.timeZone === undefined ? undefined : canonicalZone(body.timeZone);
  if (body.timeZone !== undefined && timeZone === undefined) {
    problems.add(
      'unknown-time-zone',
      '/customer/timeZone',
      'Use an IANA time zone such as "Europe/Berlin".',
    );
  }
  return {
    ...(body.id === undefined ? {} : { id: body.id }),
    identities,
    facts: {
      ...(name === undefined ? {} : { name }),
      ...(kind === undefined ? {} : { kind }),
      ...(language === undefined ? {} : { language }),
      ...(timeZone === undefined ? {} : { timeZone }),
    },
    imported,
  };
}

/**
 * Hash of what makes the purchase, as it was sent: defaults that come from settings stay out, or a changed setting
 * would make strangers of old purchases. The customer counts by identity, so that "+49 30 901820" and "030 901820" are
 * one; a better spelt name is no other purchase.
 */
function contentOf(
  item: PurchaseItem,
  { source, customer, time }: { source: string; customer: CustomerRequest; time: PurchaseTime },
): Buffer {
  const content = [
    source,
    item.orderId,
    customer.id ?? null,
    customer.identities.map(({ kind, value }) => [kind, value]),
    item.purchasedAt === undefined ? item.purchaseDay : time.purchasedAt.toISOString(),
    item.timeZone ?? null,
    item.total.amountMinor,
    item.total.currency,
    (item.lines ?? []).map((line) => [
      line.productId,
      line.category ?? null,
      line.quantity,
      line.amountMinor,
      line.reason ?? null,
    ]),
    item.imported ?? false,
  ];
  return hash('sha256', JSON.stringify(content), 'buffer');
}
