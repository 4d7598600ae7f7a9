import { GrowingColumn } from './growing-column.js';
import type { Histories } from './histories.js';
import { stableOrder } from './stable-order.js';

/**
 * Purchases of many customers, gathered row by row in any order: 20 bytes a row beside one string per customer. Sorting is
 * by counting, so time is linear in rows.
 */
export class PurchaseTable {
  private readonly customers = new Names();
  private readonly categories = new Names();
  private readonly customer = new GrowingColumn(Int32Array);
  private readonly category = new GrowingColumn(Int32Array);
  private readonly day = new GrowingColumn(Int32Array);
  private readonly amount = new GrowingColumn(Float64Array);
  private hasCategories = false;

  /** @param day days since 1970-01-01; @param amountMinor an integer; purchases without a category belong to `''`. */
  add(customerId: string, day: number, amountMinor: number, category?: string): void {
    if (category !== undefined && !this.hasCategories) {
      this.hasCategories = true;
      for (let row = 0; row < this.day.length; row++) this.category.push(this.categories.of(''));
    }
    if (this.hasCategories) this.category.push(this.categories.of(category ?? ''));
    this.customer.push(this.customers.of(customerId));
    this.day.push(day);
    this.amount.push(amountMinor);
  }

  get rows(): number {
    return this.day.length;
  }

  /** All purchases of a customer and day as one, in day order; customers in the order in which they came. */
  histories(): Histories {
    const order = stableOrder(this.customer.values(), this.byDay());
    return this.collect(order, 0, order.length);
  }

  /** The same by category: a purchase day counts once per category. Empty where no row named one. */
  categoryHistories(): Map<string, Histories> {
    const found = new Map<string, Histories>();
    if (!this.hasCategories) return found;
    const category = this.category.values();
    const order = stableOrder(category, stableOrder(this.customer.values(), this.byDay()));
    for (let from = 0, to = 0; from < order.length; from = to) {
      const index = category[order[from] ?? 0] ?? 0;
      while (to < order.length && category[order[to] ?? 0] === index) to += 1;
      found.set(this.categories.names[index] ?? '', this.collect(order, from, to));
    }
    return found;
  }

  private byDay(): Uint32Array {
    return stableOrder(this.day.values());
  }

  /** @param order rows by customer and day */
  private collect(order: Uint32Array, from: number, to: number): Histories {
    const [customer, day, amount] = [
      this.customer.values(),
      this.day.values(),
      this.amount.values(),
    ];
    const ids: string[] = [];
    const offsets = new GrowingColumn(Uint32Array);
    const days = new Int32Array(to - from);
    const spend = new Float64Array(to - from);
    let count = 0;
    let current = -1;
    for (let at = from; at < to; at++) {
      const row = order[at] ?? 0;
      const who = customer[row] ?? 0;
      const when = day[row] ?? 0;
      if (who !== current) {
        current = who;
        ids.push(this.customers.names[who] ?? '');
        offsets.push(count);
      } else if (days[count - 1] === when) {
        spend[count - 1] = (spend[count - 1] ?? 0) + (amount[row] ?? 0);
        continue;
      }
      days[count] = when;
      spend[count] = amount[row] ?? 0;
      count += 1;
    }
    offsets.push(count);
    return {
      ids,
      size: ids.length,
      offsets: offsets.values(),
      days: days.slice(0, count),
      spend: spend.slice(0, count),
    };
  }
}

/** Numbers for names, in the order in which they came. */
class Names {
  readonly names: string[] = [];
  private readonly known = new Map<string, number>();

  of(name: string): number {
    let index = this.known.get(name);
    if (index === undefined) {
      index = this.names.push(name) - 1;
      this.known.set(name, index);
    }
    return index;
  }
}
