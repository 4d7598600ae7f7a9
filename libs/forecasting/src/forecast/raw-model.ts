import { mixtureOf, type PopulationParameters } from '../fitting/population-parameters.js';
import { GapPosterior } from '../models/gap-posterior.js';
import type { StatedCycle } from '../models/node-constants.js';
import type { CustomerRow } from './customer-row.js';

/** The fitted mixture asked in days about one customer at a time: load him, then ask. */
export class RawModel {
  readonly posterior: GapPosterior;
  readonly unitDays: number;
  private readonly lnUnit: number;
  private repeats = 0;

  constructor(parameters: PopulationParameters, stated?: { days: number; weightGaps: number }) {
    this.unitDays = parameters.unitDays;
    this.lnUnit = Math.log(parameters.unitDays);
    const cycle: StatedCycle | undefined = stated && {
      gap: stated.days / parameters.unitDays,
      weightGaps: stated.weightGaps,
    };
    this.posterior = new GapPosterior(mixtureOf(parameters), cycle);
  }

  load({ repeats, firstDay, lastDay, sumLnGap }: CustomerRow): void {
    this.repeats = repeats;
    this.posterior.load({
      x: repeats,
      tx: (lastDay - firstDay) / this.unitDays,
      litt: sumLnGap - repeats * this.lnUnit,
    });
  }

  get x(): number {
    return this.repeats;
  }

  survival(silenceDays: number): number {
    return this.posterior.survival(silenceDays / this.unitDays);
  }

  /** The same for the silence so far, about which there are several questions. */
  survivalNow(silenceDays: number): number {
    return this.posterior.survivalNow(silenceDays / this.unitDays);
  }

  probabilityAlive(silenceDays: number): number {
    return this.posterior.probabilityAlive(silenceDays / this.unitDays);
  }

  purchaseProbability(silenceDays: number, horizonDays: number): number {
    const { unitDays } = this;
    return this.posterior.purchaseProbability(silenceDays / unitDays, horizonDays / unitDays);
  }

  /** Days from now to the next purchase at a level, given that it comes within the cap. */
  quantile(level: number, silenceDays: number, capDays: number): number | undefined {
    const { unitDays } = this;
    const found = this.posterior.quantile(level, silenceDays / unitDays, capDays / unitDays);
    return found === undefined ? undefined : found * unitDays;
  }

  /** The same at several levels; false where the model has given the customer up. */
  quantiles(
    levels: readonly number[],
    silenceDays: number,
    capDays: number,
    into: Float64Array,
  ): boolean {
    const { unitDays, posterior } = this;
    if (!posterior.quantiles(levels, silenceDays / unitDays, capDays / unitDays, into))
      return false;
    for (let i = 0; i < levels.length; i++) into[i] = (into[i] ?? 0) * unitDays;
    return true;
  }
}
