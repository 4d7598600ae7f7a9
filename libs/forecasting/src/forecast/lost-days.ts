import type { CustomerRow } from './customer-row.js';
import type { PurchaseCycleModel } from './cycle-model.js';
import type { RawModel } from './raw-model.js';
import { ServedProbabilities } from './served-probabilities.js';
import type { ForecastRules } from './settings.js';

/** Calibrations of shorter horizons than this say nothing of "gone for good". */
const LEAST_HORIZON_DAYS = 180;
/** Nobody is waited for longer. */
const MOST_SILENCE_DAYS = 3650;

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
    const { unitDays, posterior } = model;
    const start = posterior.silenceToAlive(this.rules.lostAlive) * unitDays;
    const guess = Math.min(MOST_SILENCE_DAYS, Math.max(due + 1, Math.ceil(start)));
    if (!this.probabilities) return { day: row.lastDay + guess, provisional: true };
    const isOver = (silence: number): boolean => {
      this.probabilities?.score(model, row, silence);
      return (this.probabilities?.served[0] ?? 0) <= this.rules.lostProbability;
    };
    if (isOver(due)) return { day: dueDay + 1, provisional: false };
    let low = due;
    let high = guess;
    while (!isOver(high)) {
      low = high;
      if (high >= MOST_SILENCE_DAYS) break;
      high = Math.min(MOST_SILENCE_DAYS, 2 * high);
    }
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (isOver(middle)) high = middle;
      else low = middle;
    }
    return { day: row.lastDay + Math.max(high, due + 1), provisional: false };
  }
}
