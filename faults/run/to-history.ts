import type { Decision, Effect, Expected, History, LogRecord, Sum } from '../checker/history.ts';
import { companySystem, type Journal } from './journal.ts';
import { optOutKey, purchaseKey, refundKey } from './operations.ts';
import type { PurchaseRecord } from './purchase-records.ts';
import type { Seen } from './witness.ts';

export interface Findings {
  readonly seed: number;
  readonly journal: Pick<Journal, 'operations' | 'faults' | 'arrivals'>;
  readonly seen: readonly Seen[];
  readonly records: readonly PurchaseRecord[];
  /** Names that the runner gave, by our ids. */
  readonly names: ReadonlyMap<string, string>;
  readonly sums: readonly Sum[];
  readonly expected: Expected;
}

/** What was found, in the checker's words. Pure. */
export function toHistory(found: Findings): History {
  const { seed, journal, seen, records, names, sums, expected } = found;
  const nameOf = (id: string): string => names.get(id) ?? id;
  const numbers = numbersOf(records);
  const customers = [...new Set(names.values())];
  const touchOwners = new Map(
    seen.filter(({ what }) => what === 'reserved').map(({ key, customer }) => [key, customer]),
  );
  return {
    seed,
    operations: journal.operations,
    faults: journal.faults,
    effects: [...orderEffects(seen, numbers, nameOf), ...optOutEffects(seen, nameOf)],
    records: records.map(({ customer, epoch, sequence }): LogRecord => ({
      stream: 'purchase',
      customer: nameOf(customer),
      number: numbers.byPosition.get(positionOf(customer, epoch, sequence)) ?? 0,
    })),
    decisions: seen.flatMap(({ what, customer, key, channel }): Decision[] =>
      what === 'order' ? [] : [{ customer: nameOf(customer), what, channel, sendKey: key }],
    ),
    receipts: journal.arrivals.map((arrival) => {
      const customer = nameOf(touchOwners.get(arrival.sendKey) ?? 'nobody');
      // A webhook goes to the company's own system: there only the content can be another customer's.
      const address = arrival.address === companySystem ? addressOf(customer) : arrival.address;
      return { ...arrival, customer, address, contentOf: nameOf(arrival.contentOf) };
    }),
    addresses: Object.fromEntries(customers.map((name) => [name, addressOf(name)])),
    sums,
    dumps: [],
    expected,
  };
}

export const addressOf = (customer: string): string => `${customer}@customers.example`;

interface Numbers {
  readonly byPosition: ReadonlyMap<string, number>;
  readonly byOrder: ReadonlyMap<string, number>;
}

/** A customer's events are counted in the order in which their data was accepted: that of (`epoch`, `sequence`). */
function numbersOf(records: readonly PurchaseRecord[]): Numbers {
  const byPosition = new Map<string, number>();
  const byOrder = new Map<string, number>();
  for (const [customer, own] of Map.groupBy(records, (record) => record.customer)) {
    const sorted = own.toSorted((a, b) => a.epoch - b.epoch || a.sequence - b.sequence);
    for (const { epoch, sequence, orderId, revision } of sorted) {
      const position = positionOf(customer, epoch, sequence);
      if (byPosition.has(position)) continue;
      byPosition.set(position, byPosition.size + 1);
      byOrder.set(`${orderId} ${String(revision)}`, byPosition.size);
    }
  }
  return { byPosition, byOrder };
}

/**
 * Effects in the order of their transactions; inside one, where order means nothing, in the order of the events. A batch
 * that holds a purchase and its refund writes the state after both: the purchase went in with the refund.
 */
function orderEffects(
  seen: readonly Seen[],
  { byOrder }: Numbers,
  nameOf: (id: string) => string,
): Effect[] {
  const effects: Effect[] = [];
  const orders = seen.filter(({ what }) => what === 'order');
  const before = new Map<string, number>();
  for (const [, batch] of Map.groupBy(orders, ({ batch, consumer }) => `${consumer} ${batch}`)) {
    const applied = batch.flatMap(({ consumer, customer, key, revision }) => {
      const from = before.get(`${consumer} ${key}`) ?? 0;
      before.set(`${consumer} ${key}`, Math.max(from, revision));
      const revisions = revision > from ? range(from + 1, revision) : [revision];
      return revisions.map((each): Effect => ({
        consumer,
        customer: nameOf(customer),
        key: each === 1 ? purchaseKey(key) : refundKey(key),
        number: byOrder.get(`${key} ${String(each)}`) ?? 0,
        outcome: each === revision ? 'applied' : 'superseded',
      }));
    });
    effects.push(...applied.toSorted((a, b) => a.number - b.number));
  }
  return effects;
}

/** They come on a topic of their own, whose numbers are not compared: one per customer at most. */
function optOutEffects(seen: readonly Seen[], nameOf: (id: string) => string): Effect[] {
  return seen
    .filter(({ what }) => what === 'opted-out')
    .map(({ customer }, index) => ({
      consumer: 'campaigns (consents)',
      customer: nameOf(customer),
      key: optOutKey(nameOf(customer)),
      number: index + 1,
      outcome: 'applied',
    }));
}

function positionOf(customer: string, epoch: number, sequence: number): string {
  return `${customer} ${String(epoch)} ${String(sequence)}`;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
