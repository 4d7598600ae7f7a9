import { isDeepStrictEqual } from 'node:util';
import { Inject, Injectable } from '@nestjs/common';
import { SERVICE_CONFIG, type ServiceConfig } from '@regulars/config';
import type { ForecastJudged, NewEvent, NewTombstone } from '@regulars/contracts';
import { dayOf, type Day } from '@regulars/kernel';
import { outbox } from '@regulars/outbox';
import type { Transaction } from '@regulars/persistence';
import { liveRecordsStore } from '../models/live-records.store.js';
import { ModelCatalog } from '../models/model-catalog.use-case.js';
import { statedCyclesStore } from '../models/stated-cycles.store.js';
import type { CustomerState } from '../purchase-history/customer-state.js';
import { categoryForecastsStore, concernsCategories } from './category-forecasts.store.js';
import { forecastGone, forecastJudged, forecastUpdated, type Occasion } from './forecast-events.js';
import { ForecastMetrics } from './forecast.metrics.js';
import { forecastStore, type ForecastRow } from './forecast.store.js';
import { judgeForecast, type PublishedForecast } from './judge-forecast.js';
import { makeForecast, type CustomerForecast, type Means } from './make-forecast.js';

export interface Renewal {
  /** Customers who had no forecast before. */
  readonly first: number;
  /** Customers whose forecast became another one. */
  readonly changed: number;
}

/** Makes the forecasts of customers anew from their states, saves and publishes them. */
@Injectable()
export class NextPurchases {
  constructor(
    private readonly models: ModelCatalog,
    private readonly metrics: ForecastMetrics,
    @Inject(SERVICE_CONFIG) private readonly config: ServiceConfig,
  ) {}

  /**
   * The caller holds the customers' locks and has written ledgers and states; who has no state has no purchase. A
   * purchase event is always answered, changed or not; a refit publishes only what became another forecast.
   */
  async renew(
    tx: Transaction,
    occasions: ReadonlyMap<string, Occasion>,
    states: ReadonlyMap<string, CustomerState>,
  ): Promise<Renewal> {
    const customerIds = [...occasions.keys()];
    const published = await forecastStore(tx).ofCustomers(customerIds);
    const means = await this.means(tx, states.values());
    const now = tx.clock.now();
    const today = dayOf(now, this.config.timeZone);

    const saved: ForecastRow[] = [];
    const events: (NewEvent | NewTombstone)[] = [];
    const verdicts: ForecastJudged[] = [];
    const gone: string[] = [];
    let first = 0;
    for (const [customerId, occasion] of occasions) {
      const before = published.get(customerId);
      const state = states.get(customerId);
      if (!state) {
        gone.push(customerId);
        if (before || occasion.cause !== 'refit') {
          events.push(forecastGone(customerId, occasion.causedBy));
        }
        continue;
      }
      const judged = before && judgeForecast(customerId, before, occasion.arrived);
      const forecast = this.metrics.timed(() => makeForecast(state, means));
      const changed = !before || !isDeepStrictEqual(forecast, before.forecast);
      if (changed) {
        saved.push({ customerId, forecast, publishedDay: sinceWhen(forecast, before, today) });
      }
      if (!before) first += 1;
      if (changed || occasion.cause !== 'refit') {
        events.push(forecastUpdated(customerId, forecast, occasion, now));
      }
      if (judged) {
        verdicts.push(judged);
        events.push(forecastJudged(judged, occasion, now));
      }
    }

    await forecastStore(tx).saveMany(saved);
    await categoryForecastsStore(tx).saveMany(
      saved.filter(({ customerId, forecast }) =>
        concernsCategories(forecast, published.get(customerId)?.forecast),
      ),
    );
    await forecastStore(tx).deleteOf(gone);
    await categoryForecastsStore(tx).deleteOf(gone);
    await outbox(tx).add(events);
    await liveRecordsStore(tx).add(verdicts);
    tx.afterCommit(() => {
      this.count(events);
    });
    return { first, changed: saved.length };
  }

  /** Everything that forecasts of these customers are made with. */
  async means(tx: Pick<Transaction, 'query'>, states: Iterable<CustomerState>): Promise<Means> {
    const items = [...states].flatMap(({ lastItems, categories }) => [
      ...lastItems,
      ...categories.flatMap((within) => within.lastItems),
    ]);
    return {
      ...(await this.models.current(tx)),
      stated: await statedCyclesStore(tx).statedFor(items),
    };
  }

  private count(events: readonly (NewEvent | NewTombstone)[]): void {
    for (const event of events) {
      if (event.type === 'ForecastUpdated') this.metrics.published(event.data);
      if (event.type === 'ForecastJudged') this.metrics.judged(event.data);
    }
  }
}

/** Dates that stay keep the day on which they were first said: else a refit would make old dates look like news. */
function sinceWhen(
  forecast: CustomerForecast,
  before: PublishedForecast | undefined,
  today: Day,
): Day {
  const same =
    before &&
    forecast.lastPurchaseDay === before.forecast.lastPurchaseDay &&
    forecast.dueDay === before.forecast.dueDay &&
    forecast.remindDay === before.forecast.remindDay &&
    isDeepStrictEqual(forecast.window, before.forecast.window);
  return same ? before.publishedDay : today;
}
