import { FEATURES, fromLogit, logit, writeFeatures } from '../calibration/features.js';
import { calibratedLogit, type HorizonCalibration } from '../calibration/horizon-calibration.js';
import type { CustomerRow } from './customer-row.js';
import type { RawModel } from './raw-model.js';

// Bound once: these run by the million, and a look-up of the global each time is slow in sandboxes such as test runners.
const { log, max, min } = Math;

/** Probability of at least one purchase at each horizon, as served: calibrated and rising with the horizon. */
export class ServedProbabilities {
  readonly raw: Float64Array;
  readonly served: Float64Array;
  readonly calibrated: readonly boolean[];
  private readonly features = new Float64Array(FEATURES);
  private readonly plans: readonly Plan[];

  /** @param horizonsDays ascending */
  constructor(
    readonly horizonsDays: readonly number[],
    calibrations: readonly HorizonCalibration[],
  ) {
    this.raw = new Float64Array(horizonsDays.length);
    this.served = new Float64Array(horizonsDays.length);
    this.plans = horizonsDays.map((h) => planFor(h, calibrations));
    this.calibrated = this.plans.map(({ calibrated }) => calibrated);
  }

  /** Of a customer that the model has loaded, after a silence of so many days (which need not be today's). */
  score(model: RawModel, row: CustomerRow, elapsedDays: number): void {
    let floor = 0;
    for (let j = 0; j < this.horizonsDays.length; j++) {
      const h = this.horizonsDays[j] ?? 0;
      const raw = model.purchaseProbability(elapsedDays, h);
      this.raw[j] = raw;
      floor = max(floor, this.serve(this.plans[j] ?? none, raw, model, row, elapsedDays));
      this.served[j] = min(1, floor);
    }
  }

  private serve(
    plan: Plan,
    raw: number,
    model: RawModel,
    row: CustomerRow,
    elapsedDays: number,
  ): number {
    if (plan.parts.length === 0) return raw;
    const rawLogit = logit(raw);
    let eta = 0;
    for (const { calibration, share } of plan.parts) {
      const { horizonDays } = calibration;
      const isOwn = horizonDays === plan.horizonDays;
      const own = isOwn ? raw : model.purchaseProbability(elapsedDays, horizonDays);
      writeFeatures(this.features, 0, {
        rawProbability: own,
        repeats: row.repeats,
        elapsedDays,
        ageDays: row.ageDays - row.elapsedDays + elapsedDays,
        meanSpend: row.meanSpend,
      });
      const served = calibratedLogit(calibration, this.features);
      eta += share * (isOwn ? served : served - logit(own) + rawLogit);
    }
    return fromLogit(eta);
  }
}

interface Plan {
  readonly horizonDays: number;
  readonly parts: readonly {
    readonly calibration: HorizonCalibration;
    readonly share: number;
  }[];
  readonly calibrated: boolean;
}

const none: Plan = { horizonDays: 0, parts: [], calibrated: false };

/** A correction of the next few weeks says nothing of the next year. */
const LEAST_CARRIED_DAYS = 60;

/**
 * What a horizon is served by: its own calibration, or the two around it by their nearness in ln h. Beyond the longest one
 * its correction is carried on, which is nearer to the truth than none (and is not called calibrated).
 */
function planFor(horizonDays: number, calibrations: readonly HorizonCalibration[]): Plan {
  const one = (calibration: HorizonCalibration | undefined, calibrated: boolean): Plan => ({
    horizonDays,
    parts: calibration ? [{ calibration, share: 1 }] : [],
    calibrated,
  });
  const exact = calibrations.find((c) => c.horizonDays === horizonDays);
  if (exact) return one(exact, true);
  const shorter = calibrations.findLast((c) => c.horizonDays < horizonDays);
  const longer = calibrations.find((c) => c.horizonDays > horizonDays);
  if (!shorter || !longer) {
    return one((shorter?.horizonDays ?? 0) >= LEAST_CARRIED_DAYS ? shorter : undefined, false);
  }
  const share =
    log(horizonDays / shorter.horizonDays) / log(longer.horizonDays / shorter.horizonDays);
  const parts = [
    { calibration: shorter, share: 1 - share },
    { calibration: longer, share },
  ];
  return { horizonDays, parts, calibrated: true };
}
