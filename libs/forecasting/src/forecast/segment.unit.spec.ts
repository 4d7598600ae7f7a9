import { describe, expect, it } from '@jest/globals';
import { Samplers } from '../simulation/index.js';
import { RegularityBelief } from './regularity-belief.js';
import { segmentOf } from './segment.js';
import { defaultRules } from './settings.js';

const parameters = { unitDays: 7, r: 2, alpha: 16, a: 0.8, b: 2, tk: 3, gk: 1.5 };
const N = 1500;

/** Share of customers of this regularity, after so many gaps, who are found to have a rhythm, or none. */
function found(k: number, gaps: number): { regular: number; noCycle: number } {
  const draw = new Samplers(5, Math.round(1000 * k) + gaps);
  const belief = new RegularityBelief(parameters);
  let [regular, noCycle] = [0, 0];
  for (let i = 0; i < N; i++) {
    const rate = draw.gamma(parameters.r, parameters.alpha / k);
    let [lastDay, sumLnGap] = [0, 0];
    for (let j = 0; j < gaps; j++) {
      const gap = Math.max(1, Math.round(7 * draw.gamma(k, rate)));
      lastDay += gap;
      sumLnGap += Math.log(gap);
    }
    belief.load({
      repeats: gaps,
      firstDay: 0,
      lastDay,
      asOfDay: lastDay,
      sumLnGap,
      elapsedDays: 0,
      ageDays: lastDay,
      meanSpend: 0,
    });
    const { pRegular, pNoCycle } = belief;
    const facts = { repeats: gaps, elapsedDays: 0, newDays: 30, isLost: false, pRegular, pNoCycle };
    const segment = segmentOf(facts, defaultRules);
    if (segment === 'regular') regular += 1;
    if (segment === 'lost') noCycle += 1;
  }
  return { regular: regular / N, noCycle: noCycle / N };
}

describe('segments of simulated customers', () => {
  it('find clockwork (k = 7) with 6 gaps regular in at least 60 %', () => {
    expect(found(7, 6).regular).toBeGreaterThan(0.6);
  });

  it.each([3, 4, 5, 6, 8, 10])('call random buyers with %d gaps regular in at most 2 %', (gaps) => {
    const { regular, noCycle } = found(1, gaps);
    expect(regular).toBeLessThanOrEqual(0.02);
    // 17 % after 3 gaps, a third after 10: most random buyers cannot be told from loose ones.
    expect(noCycle).toBeGreaterThan(0.1);
  });

  it.each([3, 5, 7, 10])(
    'call loose rhythms (k = 2) of %d gaps no cycle in at most 10 %',
    (gaps) => {
      expect(found(2, gaps).noCycle).toBeLessThanOrEqual(0.1);
    },
  );
});

describe('segmentOf', () => {
  const facts = {
    repeats: 5,
    elapsedDays: 10,
    newDays: 30,
    isLost: false,
    pRegular: 0.2,
    pNoCycle: 0.2,
  };

  it.each([
    ['new', { repeats: 0, elapsedDays: 29 }],
    ['one-time', { repeats: 0, elapsedDays: 30 }],
    ['one-time', { repeats: 0, elapsedDays: 400, isLost: true }],
    ['lost', { isLost: true, pRegular: 1 }],
    ['lost', { pNoCycle: 0.8 }],
    ['periodic', { repeats: 2, pNoCycle: 1 }],
    ['periodic', { repeats: 2, pRegular: 1 }],
    ['regular', { pRegular: 0.75 }],
    ['periodic', { pRegular: 0.74 }],
    ['regular', { repeats: 6, pRegular: 0.7 }],
  ])('is %s given %j', (segment, over) => {
    expect(segmentOf({ ...facts, ...over }, defaultRules)).toBe(segment);
  });
});
