import { describe, expect, it } from '@jest/globals';
import type { CustomerState } from './customer-state.js';
import { expectedCount } from './expected-count.js';
import { mixtureOfOne, type MbgKParameters } from './gap-mixture.js';
import { GapPosterior } from './gap-posterior.js';
import { inverseSurvival, logLikelihood } from './mbg-k.js';
import { weighNodes } from './regularity-prior.js';

/** Published and computed values, weeks. */
const gaps = (x: number, gap: number): number => x * Math.log(gap);
const states: Record<string, CustomerState> = {
  a: { x: 0, tx: 0, T: 0, litt: 0 },
  b: { x: 0, tx: 0, T: 20, litt: 0 },
  c: { x: 2, tx: 30.43, T: 38.86, litt: Math.log(10.43) + Math.log(20) },
  d: { x: 5, tx: 25, T: 37, litt: gaps(5, 5) },
  e: { x: 20, tx: 60, T: 64, litt: gaps(20, 3) },
};
const first: MbgKParameters = { k: 1.0446, r: 0.5367, alpha: 5.8166, a: 0.9077, b: 1.5796 };
const second: MbgKParameters = { k: 2.5, r: 2, alpha: 3, a: 0.6, b: 1.8 };

// lnL, P(alive), three dates, three dates given a purchase within 365 days, P14 P30 P90 P365, u*, expected count in 39.
const table: [MbgKParameters, string, number[]][] = [
  [
    first,
    'a',
    [
      0, 0.6350661, 1.39779, 16.30103, 441.4161, 0.9456154, 7.684152, 33.26954, 0.08643353,
      0.154741, 0.2876568, 0.4451859, 221.8087, 1.182438,
    ],
  ],
  [
    first,
    'b',
    [
      -0.419495258, 0.444865, 5.641921, 68.60074, 1871.553, 2.307961, 15.60879, 41.64615,
      0.01733871, 0.0349643, 0.08627315, 0.1984025, 221.8087, 0.283481,
    ],
  ],
  [
    first,
    'c',
    [
      -9.46678088, 0.7017287, 1.884636, 13.83578, 63.94956, 1.613962, 11.03633, 35.39193,
      0.07415361, 0.1464515, 0.3352285, 0.606975, 69.88144, 1.263882,
    ],
  ],
  [
    first,
    'd',
    [
      -17.0931685, 0.5372617, 0.8008382, 5.541922, 21.26277, 0.7919188, 5.453661, 20.26276,
      0.1228747, 0.2251297, 0.4171142, 0.5316341, 25.22686, 2.116663,
    ],
  ],
  [
    first,
    'e',
    [
      -47.6931692, 0.8765742, 0.351458, 2.338025, 8.034797, 0.3514554, 2.338002, 8.034568,
      0.3926483, 0.6269589, 0.8521492, 0.8765681, 15.95405, 8.288137,
    ],
  ],
  [
    second,
    'a',
    [
      0, 0.75, 1.065282, 3.887774, 15.18967, 1.05748, 3.828308, 14.16841, 0.1897367, 0.4039328,
      0.6539655, 0.7408111, 17.09952, 4.177075,
    ],
  ],
  [
    second,
    'b',
    [
      -1.20823353, 0.1631085, 1.338719, 10.23601, 53.31762, 1.190629, 8.564788, 31.52317,
      0.02348252, 0.04461971, 0.0925511, 0.1462943, 17.09952, 0.2856577,
    ],
  ],
  [
    second,
    'c',
    [
      -9.21723393, 0.7992053, 1.163429, 7.241312, 24.25941, 1.14938, 7.123875, 23.1319, 0.1338799,
      0.264916, 0.569019, 0.7898817, 38.11215, 2.056648,
    ],
  ],
  [
    second,
    'd',
    [
      -14.4863992, 0.3813256, 0.3611857, 2.399208, 8.25655, 0.3611794, 2.39915, 8.255987, 0.1676081,
      0.2693383, 0.3695326, 0.3813193, 15.13574, 2.010682,
    ],
  ],
  [
    second,
    'e',
    [
      -36.3968823, 0.9046488, 0.2026142, 1.28942, 4.076957, 0.2026142, 1.28942, 4.076957, 0.6013916,
      0.8247122, 0.9041673, 0.9046488, 10.31104, 9.905142,
    ],
  ],
];

describe.each(table)('MBG-k %j, state %s', (parameters, name, expected) => {
  const state = states[name]!;
  const u = state.T - state.tx;
  const mixture = mixtureOfOne(parameters);
  const posterior = new GapPosterior(mixture);
  posterior.load(state);

  it('has the reference values', () => {
    const cap = 365 / 7;
    const found = [
      logLikelihood(mixture, state),
      posterior.probabilityAlive(u),
      ...[0.1, 0.5, 0.9].map((p) => posterior.quantile(p, u, Infinity)!),
      ...[0.1, 0.5, 0.9].map((p) => posterior.quantile(p, u, cap)!),
      ...[14, 30, 90, 365].map((days) => posterior.purchaseProbability(u, days / 7)),
      posterior.silenceToAlive(0.2),
    ];
    found.forEach((value, i) => {
      expect(relativeError(value, expected[i]!)).toBeLessThan(1e-5);
    });
  });

  it('has the reference count', () => {
    const count = expectedCount(posterior, { x: state.x, u, h: 39 }, 32);
    expect(relativeError(count, expected[13]!)).toBeLessThan(1e-4);
    const few = expectedCount(posterior, { x: state.x, u, h: 39 }, 8);
    expect(relativeError(few, expected[13]!)).toBeLessThan(5e-3);
  });

  it('finds the same dates as the closed form', () => {
    for (const s of [0.999, 0.7, 0.5, 0.2, 1e-3]) {
      const closed = inverseSurvival(parameters, state.x, state.tx, s);
      expect(relativeError(posterior.inverse(s), closed)).toBeLessThan(1e-8);
    }
  });
});

describe('the mixture over k', () => {
  const nodes = weighNodes(3, 1.5);
  const mixture = { r: 0.55, alpha: 6, a: 0.9, b: 1.6, nodes };

  it('weighs its nodes by the gamma prior', () => {
    const weights = [
      0.0659473, 0.0767188, 0.136671, 0.20175, 0.229093, 0.202142, 0.0777777, 0.00970589,
      0.000193488, 1.66846e-7,
    ];
    nodes.forEach(({ weight }, i) => {
      expect(relativeError(weight, weights[i]!)).toBeLessThan(1e-5);
    });
    expect(nodes.reduce((sum, { k, weight }) => sum + k * weight, 0)).toBeCloseTo(2.01449, 5);
  });

  // lnL, P(alive), P90, v50, omega mass on nodes above 3, u*
  it.each<[string, number[]]>([
    ['b', [-0.41526422, 0.4546825, 0.09162999, 64.1687, 0.0876773, 221.473]],
    ['c', [-9.1013339, 0.7334603, 0.427264, 10.2013, 0.118676, 49.6512]],
    ['d', [-15.615172, 0.3008264, 0.2797707, 2.69948, 0.405267, 14.0856]],
    ['e', [-32.34114, 0.7989103, 0.7989096, 0.552642, 0.998255, 6.07436]],
  ])('has the reference values in state %s', (name, expected) => {
    const state = states[name]!;
    const u = state.T - state.tx;
    const posterior = new GapPosterior(mixture);
    posterior.load(state);
    const found = [
      logLikelihood(mixture, state),
      posterior.probabilityAlive(u),
      posterior.purchaseProbability(u, 90 / 7),
      posterior.quantile(0.5, u, Infinity)!,
      posterior.massAbove(3),
      posterior.silenceToAlive(0.2),
    ];
    found.forEach((value, i) => {
      expect(relativeError(value, expected[i]!)).toBeLessThan(1e-5);
    });
  });
});

function relativeError(found: number, expected: number): number {
  return Math.abs(expected === 0 ? found : found / expected - 1);
}
