import type { StreamEvent } from '@regulars/contracts';
import type { Day } from '@regulars/kernel';

/** What was bought in an order, per product and category. */
export interface LedgerItem {
  readonly product: string;
  readonly category: string | null;
  readonly quantity: number;
  readonly amountMinor: number;
}

/** An order as last heard of. */
export interface LedgerOrder {
  readonly customerId: string;
  readonly source: string;
  readonly orderId: string;
  readonly epoch: number;
  readonly revision: number;
  readonly purchaseId: string;
  /** Null: no evidence of a purchase cycle, because removed or fully refunded. */
  readonly purchaseDay: Day | null;
  readonly totalMinor: number;
  readonly currency: string;
  readonly items: readonly LedgerItem[];
  readonly imported: boolean;
}

/** An order as the ledger took it. */
export interface WrittenOrder {
  readonly order: LedgerOrder;
  /** In place of an older state of it. */
  readonly replaced: boolean;
}

export function orderOf(event: StreamEvent<'purchase'>): LedgerOrder {
  const { data } = event;
  const gone = event.type === 'PurchaseRemoved' || data.fullyRefunded;
  return {
    customerId: event.key,
    source: data.source,
    orderId: data.orderId,
    epoch: event.epoch,
    revision: data.revision,
    purchaseId: data.purchaseId,
    purchaseDay: gone ? null : data.purchaseDay,
    totalMinor: data.totalMinor,
    currency: data.currency,
    items: itemsOf(data.lines),
    imported: data.imported,
  };
}

export interface NewestOrders {
  readonly orders: LedgerOrder[];
  /** How many events of each order are in the batch; older ones than an earlier event of it left out. */
  readonly eventsOf: ReadonlyMap<LedgerOrder, number>;
  readonly superseded: number;
}

/** The newest state of each order in a batch, by (`epoch`, `revision`). */
export function newestOrders(events: readonly StreamEvent<'purchase'>[]): NewestOrders {
  const newest = new Map<string, { order: LedgerOrder; events: number }>();
  let superseded = 0;
  for (const event of events) {
    const order = orderOf(event);
    const name = [order.customerId, order.source, order.orderId].join(' ');
    const before = newest.get(name);
    if (before && !isNewer(order, before.order)) superseded += 1;
    else newest.set(name, { order, events: (before?.events ?? 0) + 1 });
  }
  const kept = [...newest.values()];
  return {
    orders: kept.map(({ order }) => order),
    eventsOf: new Map(kept.map(({ order, events: count }) => [order, count])),
    superseded,
  };
}

function isNewer(a: LedgerOrder, b: LedgerOrder): boolean {
  return a.epoch > b.epoch || (a.epoch === b.epoch && a.revision > b.revision);
}

type Line = StreamEvent<'purchase'>['data']['lines'][number];

/** Lines of one product and category joined, in a fixed order: equal orders give equal rows. */
function itemsOf(lines: readonly Line[]): LedgerItem[] {
  const joined = new Map<string, LedgerItem>();
  for (const line of lines) {
    const category = line.category ?? null;
    const name = `${line.productId} ${category ?? ''}`;
    const before = joined.get(name);
    joined.set(name, {
      product: line.productId,
      category,
      quantity: (before?.quantity ?? 0) + line.quantity,
      amountMinor: (before?.amountMinor ?? 0) + line.amountMinor,
    });
  }
  return [...joined].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}
