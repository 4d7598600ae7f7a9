import { fromEpochDay, type Day } from '@regulars/kernel';
import { dayRange } from '../../histories/histories.js';
import { KnownHistory, type PurchaseHistories } from '../../statistics/index.js';
import type { Truth } from '../judge-forecaster.js';
import { sampleCustomers } from '../sample-customers.js';
import { calibrationSlope } from './calibration-slope.js';
import { gateOrigins } from './gate-origins.js';
import {
  countLevel,
  dateLoss,
  lossesOver,
  probabilityLevel,
  probabilityLoss,
  windowHits,
  type Side,
} from './losses.js';
import {
  pairedBootstrap,
  type Comparison,
  type Interval,
  type Losses,
} from './paired-bootstrap.js';
import { sceneAt, truthAt, type GateCandidates, type Scene } from './scene.js';

export type GateVerdict = 'pass' | 'fail' | 'not enough data';

/** What the gate found; the verdict follows from the checks alone. */
export interface GateReport {
  readonly verdict: GateVerdict;
  /** The days from which it was judged. */
  readonly origins: readonly Day[];
  /** Customers who bought in the time that was judged. */
  readonly buyers: number;
  readonly checks: readonly GateCheck[];
}

export interface GateCheck {
  readonly name: string;
  readonly passed: boolean;
  readonly value: number;
  /** The value's 95 % interval: a check fails only if all of it lies outside the limits. */
  readonly low: number;
  readonly high: number;
  readonly atLeast?: number;
  readonly atMost?: number;
}

const FEWEST_BUYERS = 200;
const MOST_CUSTOMERS = 10_000;

/**
 * Whether a new fit may replace the one in use: as it would have been served on several days of the last year, against
 * logistic RFM, the fair rule of thumb for dates, and the version in use. All days are judged together, so that no
 * single season decides; "worse" means by more than chance.
 */
export function judgeCandidate(
  all: PurchaseHistories,
  candidates: GateCandidates,
  seed = 1,
): GateReport {
  const range = dayRange(all);
  const plan = range && gateOrigins(range.firstDay, range.lastDay);
  if (!range || !plan) return { verdict: 'not enough data', origins: [], buyers: 0, checks: [] };
  const histories = sampleCustomers(all, MOST_CUSTOMERS, seed);
  const known = new KnownHistory(histories, range.lastDay);
  const truths = plan.days.map((day) => ({ day, truth: truthAt(known, day, plan.horizonsDays) }));
  const origins = plan.days.map(fromEpochDay);
  const buyers = buyersIn(truths.map(({ truth }) => truth));
  // Fits are dear: none is made where the verdict is clear without.
  if (buyers < FEWEST_BUYERS) return { verdict: 'not enough data', origins, buyers, checks: [] };
  const scenes = truths.map(({ day, truth }) =>
    sceneAt(histories, known.asKnownOn(day), truth, candidates),
  );
  const checks = checksOf(scenes, histories.size, plan.horizonsDays, seed);
  const verdict = checks.every(({ passed }) => passed) ? 'pass' : 'fail';
  return { verdict, origins, buyers, checks };
}

function buyersIn(truths: readonly Truth[]): number {
  const buyers = new Set<number>();
  for (const { statistics, horizons } of truths) {
    horizons.at(-1)?.count.forEach((count, row) => {
      if (count > 0) buyers.add(statistics.customer[row] ?? 0);
    });
  }
  return buyers.size;
}

interface Planned extends Comparison {
  readonly name: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

function checksOf(
  scenes: readonly Scene[],
  customers: number,
  horizonsDays: readonly number[],
  seed: number,
): GateCheck[] {
  type Measure = Parameters<typeof lossesOver>[2];
  const over = (measure: Measure, of = scenes): Losses | undefined =>
    lossesOver(of, customers, measure);
  const against = (name: string, of: (side: Side) => Measure, side: Side, allowance = 1) => {
    const both = scenes.filter((scene) => scene[side]);
    const [own, other] = [over(of('own'), both), over(of(side), both)];
    return own && other ? [{ name, allowance, own, other, atMost: 0 }] : [];
  };
  const within = (name: string, measure: Measure, atLeast: number, atMost: number) => {
    const own = over(measure);
    return own ? [{ name, own, atLeast, atMost }] : [];
  };
  const planned: Planned[] = [
    ...horizonsDays.flatMap((h) => {
      const loss = (side: Side): Measure => probabilityLoss(side, h);
      return [
        ...against(`log-loss ${h} d against logistic RFM`, loss, 'rfm'),
        ...against(`log-loss ${h} d against the active version`, loss, 'active', 1.01),
        ...within(`sum P / buyers ${h} d`, probabilityLevel(h), 0.8, 1.25),
        ...within(`expected / actual purchases ${h} d`, countLevel(h), 0.8, 1.2),
      ];
    }),
    ...against('date error against max(last + mean gap, now)', dateLoss, 'fairRule'),
    ...against('date error against the active version', dateLoss, 'active', 1.03),
    ...within('window coverage', windowHits, 0.72, 0.88),
  ];
  const intervals = pairedBootstrap(planned, customers, seed);
  return [
    ...planned.flatMap((check, i) => {
      const interval = intervals[i];
      return interval ? [judged(check, interval)] : [];
    }),
    ...horizonsDays.flatMap((h) => {
      const slope = calibrationSlope(scenes, h);
      const name = `calibration slope ${h} d`;
      return slope ? [judged({ name, atLeast: 0.8, atMost: 1.25 }, slope)] : [];
    }),
  ];
}

function judged(
  { name, atLeast, atMost }: Pick<Planned, 'name' | 'atLeast' | 'atMost'>,
  { difference: value, low, high }: Interval,
): GateCheck {
  const passed = low <= (atMost ?? Infinity) && high >= (atLeast ?? -Infinity);
  return {
    name,
    passed,
    value,
    low,
    high,
    ...(atLeast === undefined ? {} : { atLeast }),
    ...(atMost === undefined ? {} : { atMost }),
  };
}
