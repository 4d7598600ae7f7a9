import { Injectable } from '@nestjs/common';
import { reconcileAsOf, type AsOfForecast } from '@regulars/forecasting';
import { toEpochDay, type Day } from '@regulars/kernel';
import { Database } from '@regulars/persistence';
import { currentStates } from '../purchase-history/current-states.use-case.js';
import type { CustomerState } from '../purchase-history/customer-state.js';
import { customersStore } from '../purchase-history/customers.store.js';
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
    const states = await this.statesOf(customerIds);
    const { open, stated } = await this.nextPurchases.means(this.database, states.values());
    const answers = new Map<string, AsOfForecast>();
    for (const [customerId, state] of states) {
      const subject = customerSubject(state, stated);
      answers.set(customerId, open.forecastAsOf(subject, toEpochDay(asOf)));
    }
    return answers;
  }

  /** One customer with his categories; undefined without a purchase. */
  async inDetail(customerId: string, asOf: Day): Promise<NowInDetail | undefined> {
    const states = await this.statesOf([customerId]);
    const state = states.get(customerId);
    if (!state) return undefined;
    const { open, stated } = await this.nextPurchases.means(this.database, states.values());
    const day = toEpochDay(asOf);
    const now = open.forecastAsOf(customerSubject(state, stated), day);
    const categories = state.categories.map((within) =>
      open.forecastAsOf(categorySubject(within, stated), day),
    );
    const names = state.categories.map(({ category }) => category);
    const inLine = reconcileAsOf(now, categories).map((own, i) => [names[i] ?? '', own] as const);
    return { now, byCategory: new Map(inLine) };
  }

  private async statesOf(customerIds: readonly string[]): Promise<Map<string, CustomerState>> {
    const customers = await customersStore(this.database).ofCustomers(customerIds);
    return currentStates(this.database, customers);
  }
}
