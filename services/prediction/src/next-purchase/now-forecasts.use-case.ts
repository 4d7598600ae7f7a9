import { Injectable } from '@nestjs/common';
import type { AsOfForecast } from '@regulars/forecasting';
import { toEpochDay, type Day } from '@regulars/kernel';
import { Database } from '@regulars/persistence';
import { customerLedger } from '../purchase-history/customer-ledger.js';
import { ledgerStore } from '../purchase-history/ledger.store.js';
import { customerSubject } from './make-forecast.js';
import { NextPurchases } from './next-purchases.use-case.js';

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
}
