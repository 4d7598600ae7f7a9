import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CLOCK, SERVICE_CONFIG, type ServiceConfig } from '@regulars/config';
import { addDays, dayOf, instantAt, type Clock, type Day } from '@regulars/kernel';
import { Database, type Transaction } from '@regulars/persistence';
import {
  OnTimer,
  timers,
  type LeasedTimer,
  type NewTimer,
  type TimerHandler,
} from '@regulars/timers';
import { forecastStore } from '../next-purchase/forecast.store.js';
import { modelsStore } from './models.store.js';
import { DriftWatch } from './drift-watch.use-case.js';
import { dataHaveGrown } from './refit-rule.js';
import { Refits } from './refits.use-case.js';

export const REFIT = 'refit';
const DAILY = 'daily';
/** In the quiet of the night, company time. */
const MINUTES_OF_DAY = 3 * 60 + 30;

/**
 * Looks once a day, and when the data have grown, whether they have outgrown the model. Of the looks that came due while
 * nobody ran, the first start makes up for one.
 */
@Injectable()
@OnTimer(REFIT)
export class OnRefitDue implements TimerHandler, OnApplicationBootstrap {
  constructor(
    private readonly refits: Refits,
    private readonly drift: DriftWatch,
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SERVICE_CONFIG) private readonly config: ServiceConfig,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const next = this.nextLook(this.clock.now());
    await this.database.withTransaction((tx) => timers(tx).ensure(next));
  }

  async fire(leased: readonly LeasedTimer[], tx: Transaction): Promise<void> {
    const taken = await timers(tx).take(leased);
    if (taken.length === 0) return;
    const now = tx.clock.now();
    const today = dayOf(now, this.config.timeZone);
    const population = await forecastStore(tx).population();
    const fitted = await modelsStore(tx).newestFit();
    if (dataHaveGrown(population, fitted, today)) await this.refits.refit(tx, today);
    const daily = taken.find(({ key }) => key === DAILY);
    if (daily) {
      const dueOn = dayOf(daily.dueAt, this.config.timeZone);
      if (population.customers > 0 && mondayOf(today) >= dueOn) {
        tx.afterCommit(() => {
          this.drift.begin(today);
        });
      }
      await timers(tx).schedule([this.nextLook(now)]);
    }
  }

  /** The next 3:30, tonight's when it is still to come. */
  private nextLook(now: Date): NewTimer {
    const { timeZone } = this.config;
    const today = dayOf(now, timeZone);
    const tonight = instantAt(today, MINUTES_OF_DAY, timeZone);
    const dueAt = now < tonight ? tonight : instantAt(addDays(today, 1), MINUTES_OF_DAY, timeZone);
    return { kind: REFIT, key: DAILY, dueAt };
  }
}

/** The last Monday, today included: whether it is among the days since a look was due. */
function mondayOf(day: Day): Day {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return addDays(day, -((weekday + 6) % 7));
}
