import { fromEpochDay } from '@regulars/kernel';
import type { OpenModel, Subject } from '../engine.js';
import { expectedSpend } from '../fitting/fit-spend.js';
import type {
  AsOfForecast,
  ByHorizon,
  Predictability,
  StaticForecast,
  UnpredictableReason,
} from '../forecast.js';
import { CycleForecaster } from '../forecast/cycle-forecaster.js';
import type { CustomerForecast, DayWindow } from '../forecast/customer-forecast.js';
import { gapVariationOf, spendOf, type PurchaseHistory } from '../history.js';
import { categoryOf, modelFor, type CompanyModel } from './company-model.js';
import { explanationOf } from './explanation.js';
import { historyRow, repeatSpendOf } from './history-row.js';
import { reminderOf, type Reminder } from './reminder.js';
import { round } from './round.js';

export const PUBLISHED_HORIZONS = [14, 30, 90, 365] as const;
/** Forecasters kept ready, one per category and stated cycle. */
const MOST_KEPT = 500;
const WINDOW = 0.8;

/** A company's model with its forecasters made once and kept. */
export class OpenCompanyModel implements OpenModel {
  private readonly atPurchase = new Map<string, CycleForecaster>();
  private readonly asOf = new Map<string, CycleForecaster>();

  constructor(private readonly model: CompanyModel) {}

  forecast(subject: Subject): StaticForecast {
    const { history } = subject;
    const found = this.forecaster(this.atPurchase, [], subject).forecast(
      historyRow(history, history.lastDay),
      0,
    );
    const reason = found.dueReason;
    const reminder = reason === undefined ? undefined : reminderOf(subject, this.model);
    const gapVariation = gapVariationOf(history);
    return {
      purchaseCount: history.purchaseCount,
      firstPurchaseDay: fromEpochDay(history.firstDay),
      lastPurchaseDay: fromEpochDay(history.lastDay),
      cycleDays: Math.max(0.01, round(found.cycleDays, 2)),
      ...(gapVariation === undefined
        ? {}
        : {
            gapVariation: round(gapVariation, 4),
            pRegular: probability(found.pRegular),
            pNoCycle: probability(found.pNoCycle),
          }),
      ...(history.purchaseCount === 1 ? { newUntilDay: this.newUntilDay(subject) } : {}),
      ...(reminder
        ? { remindDay: fromEpochDay(history.lastDay + reminder.offset) }
        : { dueDay: fromEpochDay(found.dueDay), window: windowOf(found.dueWindow) }),
      lostDay: fromEpochDay(this.lostDay(history, found, reminder)),
      basis: reminder?.basis ?? this.basisOf(subject),
      predictability: predictabilityOf(reason),
    };
  }

  forecastAsOf(subject: Subject, asOfDay: number): AsOfForecast {
    const { history } = subject;
    // A purchase dated after the as-of day (a shop further east) has no silence yet.
    const day = Math.max(asOfDay, history.lastDay);
    const found = this.forecaster(this.asOf, PUBLISHED_HORIZONS, subject).forecast(
      historyRow(history, day),
      0,
    );
    const { reason } = found;
    return {
      asOf: fromEpochDay(asOfDay),
      daysSinceLastPurchase: day - history.lastDay,
      ...(reason === undefined
        ? { expectedDay: fromEpochDay(found.expectedDay), windowNow: windowOf(found.window) }
        : {}),
      probabilityAlive: probability(found.probabilityAlive),
      purchaseProbability: byHorizon(found.horizons.map((h) => probability(h.probability))),
      expectedPurchases: byHorizon(found.horizons.map((h) => round(h.expectedCount, 3))),
      calibrated: found.horizons.every(({ calibrated }) => calibrated),
      predictability: predictabilityOf(reason),
      explanation: explanationOf(subject, found, this.model),
    };
  }

  expectedPurchaseValueMinor(history: PurchaseHistory, currency: string): number | undefined {
    const own = spendOf(history);
    const spend = Object.hasOwn(this.model.spend, currency)
      ? this.model.spend[currency]
      : undefined;
    if (!spend || spend.bands.every(({ mean }) => mean === 0)) {
      return own.days === 0 ? undefined : Math.round(own.sumMinor / own.days);
    }
    const { sumMinor, days } = repeatSpendOf(history);
    const repeats = history.purchaseCount - 1;
    return Math.round(expectedSpend(spend, { repeats, spendDays: days, sumSpend: sumMinor }));
  }

  /** Kept per category and stated cycle: a fit's tables are not made anew for every customer. */
  private forecaster(
    kept: Map<string, CycleForecaster>,
    horizonsDays: readonly number[],
    { category, statedCycleDays }: Subject,
  ): CycleForecaster {
    const own = categoryOf(this.model, category) && category;
    const name = `${String(statedCycleDays ?? '')} ${own ?? ''}`;
    let forecaster = kept.get(name);
    if (forecaster) return forecaster;
    if (kept.size >= MOST_KEPT) kept.clear();
    forecaster = new CycleForecaster(
      modelFor(this.model, category),
      horizonsDays,
      undefined,
      statedCycleDays,
    );
    kept.set(name, forecaster);
    return forecaster;
  }

  /** After the contact day too: nobody is given up before being reminded. */
  private lostDay(
    { lastDay }: PurchaseHistory,
    found: CustomerForecast,
    reminder: Reminder | undefined,
  ): number {
    return Math.max(found.lostDay, lastDay + (reminder?.offset ?? 0) + 1);
  }

  private newUntilDay({ history, category }: Subject): string {
    const { newDays } = modelFor(this.model, category);
    return fromEpochDay(history.lastDay + Math.max(1, Math.round(newDays)));
  }

  private basisOf({ history, statedCycleDays }: Subject): StaticForecast['basis'] {
    if (statedCycleDays === undefined) return this.model.basis;
    return history.purchaseCount === 1 ? 'stated' : 'blend';
  }
}

function windowOf({ from, to }: DayWindow): NonNullable<StaticForecast['window']> {
  return { from: fromEpochDay(from), to: fromEpochDay(to), probability: WINDOW };
}

function predictabilityOf(reason: UnpredictableReason | undefined): Predictability {
  return reason === undefined ? { state: 'ok' } : { state: 'unpredictable', reason };
}

function byHorizon([d14 = 0, d30 = 0, d90 = 0, d365 = 0]: readonly number[]): ByHorizon {
  return { d14, d30, d90, d365 };
}

function probability(value: number): number {
  return Math.min(1, Math.max(0, round(value, 4)));
}
