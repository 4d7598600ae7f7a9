import { foldHistory, type PurchaseHistory } from './history.js';
import type { PurchaseDay } from './purchase-day.js';

/** What a fit reads of one customer (or one customer in a category). */
export type SampleRow = Pick<
  PurchaseHistory,
  'firstDay' | 'lastDay' | 'purchaseCount' | 'sumLnGap' | 'sumLnGapSq' | 'firstGap'
>;

/** Customers of the company or of one category. Rows come out sorted by value: sums over them don't depend on who came first. */
export class ScopeSample {
  private readonly collected: SampleRow[] = [];
  /** How often each gap (in days) was seen. */
  readonly gaps = new Map<number, number>();

  /** @param days in day order */
  add(days: readonly PurchaseDay[]): void {
    const history = foldHistory(days);
    if (!history) return;
    const { firstDay, lastDay, purchaseCount, sumLnGap, sumLnGapSq, firstGap } = history;
    this.collected.push({ firstDay, lastDay, purchaseCount, sumLnGap, sumLnGapSq, firstGap });
    for (let i = 1; i < days.length; i++) {
      const gap = (days[i]?.day ?? 0) - (days[i - 1]?.day ?? 0);
      this.gaps.set(gap, (this.gaps.get(gap) ?? 0) + 1);
    }
  }

  rows(): readonly SampleRow[] {
    return this.collected.sort(
      (a, b) =>
        a.firstDay - b.firstDay ||
        a.lastDay - b.lastDay ||
        a.purchaseCount - b.purchaseCount ||
        a.sumLnGap - b.sumLnGap ||
        a.sumLnGapSq - b.sumLnGapSq ||
        a.firstGap - b.firstGap,
    );
  }
}

export interface SpendSample {
  /** Minor units over all purchase days with positive spend; an integer, so the order of adding does not matter. */
  sumMinor: number;
  days: number;
}

/** Purchase days of many customers, gathered for a fit. The order in which customers are added has no influence. */
export class PopulationSample {
  readonly company = new ScopeSample();
  readonly categories = new Map<string, ScopeSample>();
  readonly spend = new Map<string, SpendSample>();

  /** @param days in day order; `currency` is that of their spend */
  addCustomer(days: readonly PurchaseDay[], currency: string): void {
    this.company.add(days);
    const spend = this.spend.get(currency) ?? { sumMinor: 0, days: 0 };
    for (const { spendMinor } of days) {
      if (spendMinor <= 0) continue;
      spend.sumMinor += spendMinor;
      spend.days += 1;
    }
    if (spend.days > 0) this.spend.set(currency, spend);
  }

  /** @param days in day order, of one customer in the category */
  addCategory(category: string, days: readonly PurchaseDay[]): void {
    let scope = this.categories.get(category);
    if (!scope) this.categories.set(category, (scope = new ScopeSample()));
    scope.add(days);
  }
}
