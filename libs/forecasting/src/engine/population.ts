import { GrowingColumn } from '../histories/growing-column.js';
import type { PurchaseDay } from '../purchase-day.js';
import type { PurchaseHistories } from '../statistics/purchase-histories.js';

/** What a fit reads: purchase days of all customers, of those of each category, and of those who pay in a currency. */
export interface Population {
  readonly company: PurchaseHistories;
  readonly categories: ReadonlyMap<string, PurchaseHistories>;
  readonly currencies: ReadonlyMap<string, PurchaseHistories>;
}

/** Purchase days of many customers, gathered for a fit. */
export class PopulationGatherer {
  private readonly company = new Columns();
  private readonly categories = new Map<string, Columns>();
  private readonly currencies = new Map<string, Columns>();

  /** @param days in day order; `currency` is that of their spend */
  addCustomer(days: readonly PurchaseDay[], currency: string): void {
    this.company.add(days);
    columnsOf(this.currencies, currency).add(days);
  }

  /** @param days in day order, of one customer in the category */
  addCategory(category: string, days: readonly PurchaseDay[]): void {
    columnsOf(this.categories, category).add(days);
  }

  population(): Population {
    return {
      company: this.company.histories(),
      categories: historiesOf(this.categories),
      currencies: historiesOf(this.currencies),
    };
  }
}

class Columns {
  private readonly offsets = new GrowingColumn(Uint32Array);
  private readonly days = new GrowingColumn(Int32Array);
  private readonly spend = new GrowingColumn(Float64Array);

  constructor() {
    this.offsets.push(0);
  }

  add(days: readonly PurchaseDay[]): void {
    if (days.length === 0) return;
    for (const { day, spendMinor } of days) {
      this.days.push(day);
      this.spend.push(spendMinor);
    }
    this.offsets.push(this.days.length);
  }

  histories(): PurchaseHistories {
    return {
      size: this.offsets.length - 1,
      offsets: this.offsets.values().slice(),
      days: this.days.values().slice(),
      spend: this.spend.values().slice(),
    };
  }
}

function columnsOf(all: Map<string, Columns>, name: string): Columns {
  let columns = all.get(name);
  if (!columns) all.set(name, (columns = new Columns()));
  return columns;
}

function historiesOf(all: ReadonlyMap<string, Columns>): Map<string, PurchaseHistories> {
  return new Map([...all].map(([name, columns]) => [name, columns.histories()]));
}

/** The same customers by what they bought and when: a fit must not depend on the order in which they were gathered. */
export function inOrderOfContent({
  size,
  offsets,
  days,
  spend,
}: PurchaseHistories): PurchaseHistories {
  const order = Array.from({ length: size }, (_, i) => i).sort(compare);
  const sorted = {
    size,
    offsets: new Uint32Array(size + 1),
    days: new Int32Array(days.length),
    spend: new Float64Array(spend.length),
  };
  let to = 0;
  order.forEach((customer, i) => {
    const [start, end] = [offsets[customer] ?? 0, offsets[customer + 1] ?? 0];
    sorted.days.set(days.subarray(start, end), to);
    sorted.spend.set(spend.subarray(start, end), to);
    to += end - start;
    sorted.offsets[i + 1] = to;
  });
  return sorted;

  function compare(a: number, b: number): number {
    const [startA, startB] = [offsets[a] ?? 0, offsets[b] ?? 0];
    const [lengthA, lengthB] = [(offsets[a + 1] ?? 0) - startA, (offsets[b + 1] ?? 0) - startB];
    if (lengthA !== lengthB) return lengthA - lengthB;
    for (let i = 0; i < lengthA; i++) {
      const byDay = (days[startA + i] ?? 0) - (days[startB + i] ?? 0);
      if (byDay !== 0) return byDay;
    }
    for (let i = 0; i < lengthA; i++) {
      const bySpend = (spend[startA + i] ?? 0) - (spend[startB + i] ?? 0);
      if (bySpend !== 0) return bySpend;
    }
    return 0;
  }
}
