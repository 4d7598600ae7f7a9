import type { Cause, NewEvent } from '@regulars/contracts';
import { newId } from '@regulars/kernel';
import { outbox } from '@regulars/outbox';
import type { Transaction } from '@regulars/persistence';
import { envelope } from '../customers/customer-events.js';
import { fillCustomer } from '../customers/customer.js';
import {
  findCustomers,
  resolveCustomers,
  type FoundCustomers,
  type ResolvedCustomer,
} from '../customers/resolve-customers.use-case.js';
import { productStore } from '../products/product.store.js';
import { toPurchaseState } from './purchase.js';
import { productsWithoutCategory, withCategory } from './line-category.js';
import { businessKey, byKey, firstOfEachKey } from './business-key.js';
import { purchaseStore, sendPurchases, type FreshPurchase } from './purchase.store.js';
import type { NewPurchase } from './read-purchase.js';

export type CausedPurchase = NewPurchase & { readonly cause?: Cause | undefined };

/** What became of a purchase that was asked to be recorded. */
export type RecordOutcome =
  | { readonly kind: 'created'; readonly purchase: FreshPurchase }
  | { readonly kind: 'unchanged'; readonly purchase: FreshPurchase }
  | { readonly kind: 'differs'; readonly stored: FreshPurchase }
  | { readonly kind: 'unknown-customer' };

/**
 * Records purchases, whether one, a group of requests or a batch: one statement per table for all of them. The same
 * key with the same content is `unchanged`, with other content it `differs`; that holds within the call as well. The last
 * statements are only sent: they may fail with the commit, also since a key was taken meanwhile (`unlessTaken`).
 */
export async function recordPurchases(
  purchases: readonly CausedPurchase[],
  tx: Transaction,
): Promise<RecordOutcome[]> {
  const [stored, found, categories] = await Promise.all([
    purchaseStore(tx).findByKeys([...firstOfEachKey(purchases).values()]),
    findCustomers(
      purchases.map(({ customer }) => customer),
      tx,
    ),
    productStore(tx).categories(productsWithoutCategory(purchases)),
  ]);
  const known = byKey(stored);
  const leaders = firstOfEachKey(purchases.filter((purchase) => !known.has(businessKey(purchase))));
  const recorded = await recordFresh([...leaders.values()], { found, categories }, tx);

  const outcomes = purchases.map((purchase): RecordOutcome | undefined => {
    const key = businessKey(purchase);
    const stored = known.get(key);
    if (stored) return compared(purchase, stored);
    const outcome = recorded.get(key);
    if (!outcome || leaders.get(key) === purchase) return outcome;
    return outcome.kind === 'unknown-customer' ? undefined : compared(purchase, storedOf(outcome));
  });
  return withFollowers(purchases, outcomes, tx);
}

/** An item whose first namesake was refused stands for itself. */
async function withFollowers(
  purchases: readonly CausedPurchase[],
  outcomes: readonly (RecordOutcome | undefined)[],
  tx: Transaction,
): Promise<RecordOutcome[]> {
  const left = purchases.filter((_, index) => outcomes[index] === undefined);
  if (left.length === 0) return outcomes.filter((outcome) => outcome !== undefined);
  const later = await recordPurchases(left, tx);
  return outcomes.flatMap((outcome) => outcome ?? later.shift() ?? []);
}

/** What the first look has found beside the purchases. */
interface Known {
  readonly found: FoundCustomers;
  readonly categories: ReadonlyMap<string, string>;
}

/** Purchases with keys that are new and differ among themselves. */
async function recordFresh(
  purchases: readonly CausedPurchase[],
  { found, categories }: Known,
  tx: Transaction,
): Promise<Map<string, RecordOutcome>> {
  if (purchases.length === 0) return new Map();
  const requests = purchases.map(({ customer, cause }) => ({ ...customer, cause }));
  const { customers, events } = await resolveCustomers(requests, fillCustomer, tx, found);

  const fresh = purchases.flatMap((purchase, index) => {
    const customer = customers[index];
    return customer ? [{ ...toFresh(purchase, customer, categories), cause: purchase.cause }] : [];
  });
  sendPurchases(fresh, tx.clock.now(), tx);
  outbox(tx).send([...events, ...fresh.map(purchaseRecorded)]);

  const created = new Map(fresh.map((purchase) => [businessKey(purchase), purchase]));
  return new Map(
    purchases.map((purchase): [string, RecordOutcome] => {
      const key = businessKey(purchase);
      const own = created.get(key);
      return [key, own ? { kind: 'created', purchase: own } : { kind: 'unknown-customer' }];
    }),
  );
}

function toFresh(
  purchase: NewPurchase,
  { customerId, conflicts }: ResolvedCustomer,
  categories: ReadonlyMap<string, string>,
): FreshPurchase {
  return {
    id: newId(),
    customerId,
    source: purchase.source,
    orderId: purchase.orderId,
    revision: 1,
    purchaseDay: purchase.purchaseDay,
    purchasedAt: purchase.purchasedAt,
    timeZone: purchase.timeZone,
    currency: purchase.currency,
    totalMinor: purchase.totalMinor,
    refundedMinor: 0,
    lines: purchase.lines.map((line) => withCategory(line, categories)),
    imported: purchase.imported,
    removed: false,
    firstContent: purchase.content,
    identityConflicts: conflicts.map(({ kind }) => kind),
  };
}

function purchaseRecorded(purchase: FreshPurchase & { cause?: Cause | undefined }): NewEvent {
  return {
    stream: 'purchase',
    type: 'PurchaseRecorded',
    ...envelope(purchase.customerId, { occurredAt: purchase.purchasedAt, cause: purchase.cause }),
    data: toPurchaseState(purchase),
  };
}

function compared(purchase: NewPurchase, stored: FreshPurchase): RecordOutcome {
  return stored.firstContent.equals(purchase.content)
    ? { kind: 'unchanged', purchase: stored }
    : { kind: 'differs', stored };
}

function storedOf(outcome: Exclude<RecordOutcome, { kind: 'unknown-customer' }>): FreshPurchase {
  return outcome.kind === 'differs' ? outcome.stored : outcome.purchase;
}
