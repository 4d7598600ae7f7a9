import { FEATURES, fromLogit, logit, writeFeatures } from '../calibration/features.js';
import { calibratedLogit, type HorizonCalibration } from '../calibration/horizon-calibration.js';
import type { CustomerRow } from './customer-row.js';
import type { RawModel } from './raw-model.js';

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
    this.calibrated = this.plans.map((plan) => plan.length > 0);
  }

  /** Of a customer that the model has loaded, after a silence of so many days (which need not be today's). */
  score(model: RawModel, row: CustomerRow, elapsedDays: number): void {
    let floor = 0;
    for (let j = 0; j < this.horizonsDays.length; j++) {
      const h = this.horizonsDays[j] ?? 0;
      const raw = model.purchaseProbability(elapsedDays, h);
      this.raw[j] = raw;
      floor = Math.max(floor, this.serve(this.plans[j] ?? [], raw, model, row, elapsedDays));
      this.served[j] = Math.min(1, floor);
    }
  }

  private serve(
    plan: Plan,
    raw: number,
    model: RawModel,
    row: CustomerRow,
    elapsedDays: number,
  ): number {
    if (plan.length === 0) return raw;
    const rawLogit = logit(raw);
    let eta = 0;
    for (const { calibration, share } of plan) {
      const { horizonDays } = calibration;
      const own = plan.length === 1 ? raw : model.purchaseProbability(elapsedDays, horizonDays);
      writeFeatures(this.features, 0, {
        rawProbability: own,
        repeats: row.repeats,
        elapsedDays,
        ageDays: row.ageDays - row.elapsedDays + elapsedDays,
        meanSpend: row.meanSpend,
      });
      const served = calibratedLogit(calibration, this.features);
      eta += share * (plan.length === 1 ? served : served - logit(own) + rawLogit);
    }
    return fromLogit(eta);
  }
}

/** The calibrations that a horizon is served by: its own, or the two around it by their nearness in ln h. */
type Plan = readonly { readonly calibration: HorizonCalibration; readonly share: number }[];

function planFor(h: number, calibrations: readonly HorizonCalibration[]): Plan {
  const exact = calibrations.find(({ horizonDays }) => horizonDays === h);
  if (exact) return [{ calibration: exact, share: 1 }];
  const shorter = calibrations.findLast(({ horizonDays }) => horizonDays < h);
  const longer = calibrations.find(({ horizonDays }) => horizonDays > h);
  if (!shorter || !longer) return [];
  const share =
    Math.log(h / shorter.horizonDays) / Math.log(longer.horizonDays / shorter.horizonDays);
  return [
    { calibration: shorter, share: 1 - share },
    { calibration: longer, share },
  ];
}
