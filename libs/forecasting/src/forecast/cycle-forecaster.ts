import { levelsFor } from '../calibration/window-calibration.js';
import { servedCount } from '../calibration/served-count.js';
import { expectedSpend } from '../fitting/fit-spend.js';
import type { Basis, UnpredictableReason } from '../forecast.js';
import { expectedCount } from '../models/expected-count.js';
import type { CustomerStatistics } from '../statistics/customer-statistics.js';
import type { CustomerForecast, DayWindow, HorizonForecast } from './customer-forecast.js';
import { rowOf, type CustomerRow } from './customer-row.js';
import type { PurchaseCycleModel } from './cycle-model.js';
import { LostDays } from './lost-days.js';
import { RawModel } from './raw-model.js';
import { RegularityBelief } from './regularity-belief.js';
import { meanSeason } from './season.js';
import { segmentOf } from './segment.js';
import { ServedProbabilities } from './served-probabilities.js';
import { defaultRules, type ForecastRules } from './settings.js';
import { WeekdayHabit } from './weekday-habit.js';

/** A century: a heavier tail than this has no median that anybody could use. */
const LONGEST_CYCLE_DAYS = 36_525;

export interface ForecastDates {
  /** Moved to a likely weekday where that pays. */
  readonly median: number;
  readonly window: DayWindow;
}

/** Shares of the cap where the model has given the customer up. */
const NO_IDEA = [0.05, 0.4, 0.85];

/**
 * Forecasts customers one after the other under one model. It keeps scratch space, so one is made per model and asked
 * many times; it holds nothing of the customers.
 */
export class CycleForecaster {
  private readonly raw: RawModel;
  private readonly regularity: RegularityBelief;
  private readonly probabilities: ServedProbabilities;
  private readonly year: ServedProbabilities;
  private readonly lost: LostDays;
  private readonly habit: WeekdayHabit | undefined;
  /** Days to the low, the middle and the high point of the date. */
  private readonly spread = new Float64Array(3);
  private seasons: { asOfDay: number; values: readonly number[] } = { asOfDay: NaN, values: [] };

  constructor(
    readonly model: PurchaseCycleModel,
    readonly horizonsDays: readonly number[],
    readonly rules: ForecastRules = defaultRules,
    private readonly statedCycleDays?: number,
  ) {
    const stated =
      statedCycleDays === undefined
        ? undefined
        : { days: statedCycleDays, weightGaps: rules.statedWeightGaps };
    this.raw = new RawModel(model.parameters, stated);
    this.regularity = new RegularityBelief(model.parameters);
    this.probabilities = new ServedProbabilities(horizonsDays, model.calibrations);
    this.year = new ServedProbabilities([rules.lostHorizonDays], model.calibrations);
    this.lost = new LostDays(model, rules);
    if (model.snapsToWeekdays) this.habit = new WeekdayHabit(model.weekdayShares);
  }

  /** The customer of a row of the statistics, as of that row's day. */
  forecast(statistics: CustomerStatistics, i: number): CustomerForecast {
    const row = rowOf(statistics, i);
    const { raw, rules } = this;
    raw.load(row);
    this.regularity.load(row);
    this.habit?.load(statistics.weekday, 7 * i);
    const { pRegular, pNoCycle } = this.regularity;
    const due = this.datesAfter(row, 0);
    const now = row.elapsedDays === 0 ? due : this.datesAfter(row, row.elapsedDays);
    const lost = this.lost.find(raw, row, due.median);
    const returnAfterPurchase = this.returnWithinYear(row, 0);
    const returnWithinYear = this.returnWithinYear(row, row.elapsedDays);
    const isLost = row.asOfDay >= lost.day;
    const dueReason = this.reason(row, {
      pNoCycle,
      isLost: false,
      returnWithinYear: returnAfterPurchase,
      window: due.window,
    });
    const reason = this.reason(row, { pNoCycle, isLost, returnWithinYear, window: now.window });
    return {
      asOfDay: row.asOfDay,
      lastDay: row.lastDay,
      repeats: row.repeats,
      dueDay: due.median,
      dueWindow: due.window,
      expectedDay: now.median,
      window: now.window,
      probabilityAlive: Math.max(raw.probabilityAlive(row.elapsedDays), returnWithinYear),
      lostDay: lost.day,
      lostProvisional: lost.provisional,
      horizons: this.horizons(statistics, i, row),
      cycleDays: this.cycle(),
      regularity: raw.posterior.meanShape(),
      pRegular,
      pNoCycle,
      segment: segmentOf(
        {
          repeats: row.repeats,
          elapsedDays: row.elapsedDays,
          newDays: this.model.newDays,
          isLost,
          pRegular,
          pNoCycle,
        },
        rules,
      ),
      ...(reason && { reason }),
      ...(dueReason && { dueReason }),
      ...this.reminder(row, dueReason ?? reason, isLost),
    };
  }

  /** Expected purchase days within the first horizon alone, for sums over everybody. */
  expectedCount(statistics: CustomerStatistics, i: number): number {
    const row = rowOf(statistics, i);
    this.raw.load(row);
    return this.horizons(statistics, i, row)[0]?.expectedCount ?? 0;
  }

  /** The dates alone, as of the row's day: right after a purchase, when the next one is due. */
  dates(statistics: CustomerStatistics, i: number): ForecastDates {
    const row = rowOf(statistics, i);
    this.raw.load(row);
    this.habit?.load(statistics.weekday, 7 * i);
    return this.datesAfter(row, row.elapsedDays);
  }

  private returnWithinYear(row: CustomerRow, elapsedDays: number): number {
    this.year.score(this.raw, row, elapsedDays);
    return this.year.served[0] ?? 0;
  }

  /** Where no date can be given, the stated cycle or else the population's says when to get in touch. */
  private reminder(
    row: CustomerRow,
    withheld: UnpredictableReason | undefined,
    isLost: boolean,
  ): { basis: Basis; remindDay?: number } {
    if (withheld === undefined || isLost || row.repeats === 0) return { basis: this.model.basis };
    const stated = this.statedCycleDays;
    const cycle = Math.max(1, Math.round(stated ?? this.model.medianGapDays));
    const basis = stated === undefined ? this.model.reminderBasis : 'stated';
    return { basis, remindDay: row.lastDay + cycle };
  }

  private datesAfter(row: CustomerRow, silence: number): ForecastDates {
    const { raw, rules, model } = this;
    const { horizonCapDays: cap } = rules;
    const levels = levelsFor(model.windows, row.repeats, raw.survivalNow(silence));
    if (!raw.quantiles(levels, silence, cap, this.spread)) {
      NO_IDEA.forEach((share, i) => (this.spread[i] = share * cap));
    }
    const from = row.lastDay + silence;
    const day = (days = cap): number => from + Math.max(1, Math.round(days));
    const [low, middle, high] = this.spread;
    const median = day(middle);
    const window = { from: Math.min(median, day(low)), to: Math.max(median, day(high)) };
    const likely = this.habit?.nearest(raw, row.lastDay, silence, median) ?? median;
    return { median: Math.min(window.to, Math.max(window.from, likely)), window };
  }

  private horizons(statistics: CustomerStatistics, i: number, row: CustomerRow): HorizonForecast[] {
    const { raw, probabilities, model } = this;
    const seasons = this.seasonsAhead(row.asOfDay);
    probabilities.score(raw, row, row.elapsedDays);
    const spend = expectedSpend(model.spend, {
      repeats: row.repeats,
      spendDays: statistics.spendDays[i] ?? 0,
      sumSpend: statistics.sumSpend[i] ?? 0,
    });
    const state = { x: row.repeats, u: row.elapsedDays / raw.unitDays };
    return this.horizonsDays.map((horizonDays, j) => {
      const probability = probabilities.served[j] ?? 0;
      const rawProbability = probabilities.raw[j] ?? 0;
      const h = horizonDays / raw.unitDays;
      const rawCount = expectedCount(raw.posterior, { ...state, h }, 8);
      const count = servedCount(rawCount, probability, rawProbability);
      const atLevel = probability + model.level * (count - probability);
      // A day has one purchase at most, and whoever buys does so at least once.
      const expected = Math.min(horizonDays, Math.max(probability, atLevel * (seasons[j] ?? 1)));
      return {
        horizonDays,
        probability,
        rawProbability,
        calibrated: probabilities.calibrated[j] ?? false,
        expectedCount: expected,
        expectedSpend: expected * spend,
      };
    });
  }

  /** Of each horizon; in bulk all customers are asked about as of the same day. */
  private seasonsAhead(asOfDay: number): readonly number[] {
    const { season } = this.model;
    if (this.seasons.asOfDay !== asOfDay) {
      const values = this.horizonsDays.map((h) => meanSeason(season, asOfDay, h));
      this.seasons = { asOfDay, values };
    }
    return this.seasons.values;
  }

  private cycle(): number {
    return Math.min(LONGEST_CYCLE_DAYS, this.raw.posterior.inverse(0.5) * this.raw.unitDays);
  }

  /** The first rule that holds, in the declared order. */
  private reason(
    { repeats }: CustomerRow,
    found: { pNoCycle: number; isLost: boolean; returnWithinYear: number; window: DayWindow },
  ): UnpredictableReason | undefined {
    const { rules } = this;
    // Bought once by nearly everybody: what one person will do says nothing then.
    if (this.model.repeatShare < rules.repeatShare) return 'low-return';
    if (repeats >= rules.noCycleRepeats && found.pNoCycle >= rules.noCycle) {
      return 'no-cycle';
    }
    if (found.isLost) return 'lost';
    if (found.returnWithinYear < rules.lowReturn) return 'low-return';
    const isWide = found.window.to - found.window.from > rules.wideWindowDays;
    return isWide ? 'wide-window' : undefined;
  }
}
