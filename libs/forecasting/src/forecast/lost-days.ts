import { logit } from '../calibration/features.js';
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
    const { probabilities } = this;
    const limit = logit(this.rules.lostProbability);
    const above = (silence: number): number => {
      probabilities.score(model, row, silence);
      return logit(probabilities.served[0] ?? 0) - limit;
    };
    let before = above(due);
    if (before <= 0) return { day: dueDay + 1, provisional: false };
    let [low, high] = [due, guess];
    let after = above(high);
    while (after > 0) {
      if (high >= most) return { day: row.lastDay + most, provisional: true };
      [low, before] = [high, after];
      high = Math.min(most, 2 * high);
      after = above(high);
    }
    for (let step = 0; high - low > 1; step++) {
      const middle = step < MOST_LINES ? lineCrosses(low, before, high, after) : (low + high) / 2;
      const day = Math.min(high - 1, Math.max(low + 1, Math.round(middle)));
      const found = above(day);
      if (found > 0) [low, before] = [day, found];
      else [high, after] = [day, found];
    }
    return { day: row.lastDay + Math.max(high, due + 1), provisional: false };
  }
}

/** Log-odds fall almost in a line with ln(silence): a few such steps come within a day. Halving ends what is left. */
const MOST_LINES = 4;

/** Where the line between two points, of which the first lies above 0 and the second not, crosses it. */
function lineCrosses(low: number, above: number, high: number, below: number): number {
  return low * (high / low) ** (above / (above - below));
}
