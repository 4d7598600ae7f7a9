import type { CustomerRow } from './customer-row.js';
import type { PurchaseCycleModel } from './cycle-model.js';
import type { RawModel } from './raw-model.js';
import { ServedProbabilities } from './served-probabilities.js';
import type { ForecastRules } from './settings.js';

/** Calibrations of shorter horizons than this say nothing of "gone for good". */
const LEAST_HORIZON_DAYS = 180;
/**
 * Nobody is waited for longer than two years or three of his cycles: of such silences the histories that a calibration
 * learnt from say nothing, and what it says of them is a guess.
 */
const MOST_SILENCE_DAYS = 730;
const MOST_CYCLES = 3;

/** The day on which a customer who stays silent will be declared lost. */
export class LostDays {
  private readonly probabilities: ServedProbabilities | undefined;

  constructor(
    { calibrations }: PurchaseCycleModel,
    private readonly rules: ForecastRules,
  ) {
    const isKnown = calibrations.some(({ horizonDays }) => horizonDays >= LEAST_HORIZON_DAYS);
    if (isKnown)
      this.probabilities = new ServedProbabilities([rules.lostHorizonDays], calibrations);
  }

  /** Of a customer that the model has loaded; always after his due day. */
  find(model: RawModel, row: CustomerRow, dueDay: number): { day: number; provisional: boolean } {
    const due = dueDay - row.lastDay;
    const most = Math.max(MOST_SILENCE_DAYS, MOST_CYCLES * due);
    const { unitDays, posterior } = model;
    const start = posterior.silenceToAlive(this.rules.lostAlive) * unitDays;
    const guess = Math.min(most, Math.max(due + 1, Math.ceil(start)));
    if (!this.probabilities) return { day: row.lastDay + guess, provisional: true };
    const isOver = (silence: number): boolean => {
      this.probabilities?.score(model, row, silence);
      return (this.probabilities?.served[0] ?? 0) <= this.rules.lostProbability;
    };
    if (isOver(due)) return { day: dueDay + 1, provisional: false };
    let low = due;
    let high = guess;
    while (!isOver(high)) {
      if (high >= most) return { day: row.lastDay + most, provisional: true };
      low = high;
      high = Math.min(most, 2 * high);
    }
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (isOver(middle)) high = middle;
      else low = middle;
    }
    return { day: row.lastDay + Math.max(high, due + 1), provisional: false };
  }
}
