import { Injectable } from '@nestjs/common';
import { reconcileAsOf, type AsOfForecast } from '@regulars/forecasting';
import { toEpochDay, type Day } from '@regulars/kernel';
import { Database } from '@regulars/persistence';
import { customerLedger } from '../purchase-history/customer-ledger.js';
import { ledgerStore } from '../purchase-history/ledger.store.js';
import { categorySubject, customerSubject } from './make-forecast.js';
import { NextPurchases } from './next-purchases.use-case.js';

export interface NowInDetail {
  readonly now: AsOfForecast;
  readonly byCategory: ReadonlyMap<string, AsOfForecast>;
}

/** What can be said of customers as of a day: computed on reading, since it changes with every day of silence. */
@Injectable()
export class NowForecasts {
  constructor(
    private readonly database: Database,
    private readonly nextPurchases: NextPurchases,
  ) {}

  /** Customers without a purchase are absent. */
  async of(customerIds: readonly string[], asOf: Day): Promise<Map<string, AsOfForecast>> {
    const ledgers = await ledgerStore(this.database).ordersOf(customerIds);
    const { open, stated } = await this.nextPurchases.means(this.database, ledgers.values());
    const answers = new Map<string, AsOfForecast>();
    for (const [customerId, orders] of ledgers) {
      const ledger = customerLedger(orders);
      if (!ledger) continue;
      const subject = customerSubject(ledger, stated);
      answers.set(customerId, open.forecastAsOf(subject, toEpochDay(asOf)));
    }
    return answers;
  }

  /** One customer with his categories; undefined without a purchase. */
  async inDetail(customerId: string, asOf: Day): Promise<NowInDetail | undefined> {
    const ledgers = await ledgerStore(this.database).ordersOf([customerId]);
    const ledger = customerLedger(ledgers.get(customerId) ?? []);
    if (!ledger) return undefined;
    const { open, stated } = await this.nextPurchases.means(this.database, ledgers.values());
    const day = toEpochDay(asOf);
    const now = open.forecastAsOf(customerSubject(ledger, stated), day);
    const categories = ledger.categories.map((within) =>
      open.forecastAsOf(categorySubject(within, stated), day),
    );
    const names = ledger.categories.map(({ category }) => category);
    const inLine = reconcileAsOf(now, categories).map((own, i) => [names[i] ?? '', own] as const);
    return { now, byCategory: new Map(inLine) };
  }
}
