import type { PopulationParameters } from '../fitting/population-parameters.js';
import { GapPosterior } from '../models/gap-posterior.js';
import { regularityNodes } from '../models/regularity-prior.js';
import type { CustomerRow } from './customer-row.js';

/** Above this shape gaps vary by less than 58 %: a rhythm. */
const RHYTHM = 3;
/** Up to this one they are no more regular than chance. */
const CHANCE = 1;

/**
 * What is believed of a customer's regularity for telling segments apart. Every shop is judged alike: the prior over the
 * nodes is declared and not fitted, or a shop of random buyers would need twice the gaps to show a regular one.
 */
export class RegularityBelief {
  private readonly posterior: GapPosterior;
  private readonly lnUnit: number;
  private readonly unitDays: number;

  constructor(parameters: PopulationParameters) {
    const { r, alpha, a, b, unitDays } = parameters;
    this.unitDays = unitDays;
    this.lnUnit = Math.log(unitDays);
    const nodes = regularityNodes.map((k, i) => ({ k, weight: CLASS_WEIGHTS[i] ?? 0 }));
    this.posterior = new GapPosterior({ r, alpha, a, b, nodes });
  }

  load({ repeats, firstDay, lastDay, sumLnGap }: CustomerRow): void {
    this.posterior.load({
      x: repeats,
      tx: (lastDay - firstDay) / this.unitDays,
      litt: sumLnGap - repeats * this.lnUnit,
    });
  }

  /** P(k > 3). */
  get pRegular(): number {
    return this.posterior.massAbove(RHYTHM);
  }

  /** P(k <= 1). */
  get pNoCycle(): number {
    return 1 - this.posterior.massAbove(CHANCE);
  }
}

/**
 * The nodes weigh alike. By simulation (see the test) a customer with k = 7 and 6 gaps is then found regular in two of three
 * cases, a random one (k = 1) in fewer than one of fifty.
 */
const CLASS_WEIGHTS = regularityNodes.map(() => 1 / regularityNodes.length);
