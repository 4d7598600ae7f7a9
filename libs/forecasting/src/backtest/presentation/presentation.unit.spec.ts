import { describe, expect, it } from '@jest/globals';
import type { Forecaster } from '../../forecaster.js';
import { simulateShop } from '../../simulation/index.js';
import { runBacktest } from '../run-backtest.js';
import { htmlPage } from './html-page.js';
import { ticks } from './pictures/svg.js';
import { comparableMeans, summarise } from './summary.js';
import { terminalLines } from './terminal-lines.js';

/** Always a chance of a quarter, a date in 20 days and a window from 5 to 60 days ahead. */
const plain: Forecaster = {
  name: 'plain <b>&"guess"',
  fit: (_, horizonsDays) => ({
    score: ({ size, asOfDay }) => ({
      horizons: horizonsDays.map((horizonDays) => ({
        horizonDays,
        probability: new Float64Array(size).fill(0.25),
        count: new Float64Array(size).fill(horizonDays / 30),
      })),
      dates: {
        expectedDay: asOfDay.map((day) => day + 20),
        windowFrom: asOfDay.map((day) => day + 5),
        windowTo: asOfDay.map((day) => day + 60),
      },
      predictability: Uint8Array.from({ length: size }, (_, i) => (i % 4 === 0 ? 0 : 4)),
      lostDay: asOfDay.map((day, i) => (i % 10 === 0 ? day : day + 1)),
    }),
  }),
};

const report = runBacktest(
  simulateShop({
    seed: 2,
    customers: 200,
    firstDay: 19_000,
    lastFirstDay: 19_300,
    lastDay: 19_700,
    unitDays: 7,
    rate: { r: 2, alpha: 8 },
    regularity: [{ k: 2, share: 1 }],
    dropOut: { a: 1, b: 5 },
  }).histories,
  [plain],
);

describe('summarise', () => {
  it('takes plain means over the origins, the judged first and every baseline after it', () => {
    const [own, ...baselines] = summarise(report);

    const errors = report.origins.map(
      ({ forecasters }) => forecasters[0]?.dates?.repeaters?.mae ?? 0,
    );
    expect(own).toMatchObject({ name: plain.name, judged: true });
    expect(own?.dates?.mae).toBeCloseTo(errors.reduce((sum, e) => sum + e, 0) / errors.length, 9);
    expect(baselines).toHaveLength(10);
    expect(baselines.some(({ judged }) => judged)).toBe(false);
  });
});

describe('comparableMeans', () => {
  it('compares on the origins that all have who have the figure at any', () => {
    const early = [1, 2, 6];
    const late = [undefined, 4, 8];

    expect(comparableMeans([early, late, [undefined, undefined, undefined]])).toEqual([
      4,
      6,
      undefined,
    ]);
  });

  it('gives each its own mean where they share no origin', () => {
    expect(
      comparableMeans([
        [1, undefined],
        [undefined, 3],
      ]),
    ).toEqual([1, 3]);
  });
});

describe('terminalLines', () => {
  it('marks the judged, and says how many get a date and how many lost came back', () => {
    const lines = terminalLines(report);

    expect(lines.filter((line) => line.startsWith('> ')).length).toBe(5);
    expect(lines.filter((line) => line.includes('logistic RFM')).length).toBe(2);
    const text = lines.join('\n');
    expect(text).toMatch(/gives a date to 25 % of customers/);
    const lost = report.origins.at(-1)?.forecasters[0]?.lost ?? { declared: 0, cameBack: 0 };
    const share = ((100 * lost.cameBack) / lost.declared).toFixed(0);
    expect(lost.declared).toBe(20);
    expect(text).toContain(`of 20 declared lost, ${share} % came back all the same`);
  });

  it('lines its columns up', () => {
    const lines = terminalLines(report);
    const start = lines.findIndex((line) => line.startsWith('Will they buy'));
    const end = lines.indexOf('', start);

    expect(new Set(lines.slice(start + 1, end).map((line) => line.length)).size).toBe(1);
  });
});

describe('htmlPage', () => {
  const page = htmlPage(report);

  it('holds all pictures and loads nothing from anywhere', () => {
    for (const title of [
      'Hit rate within 14 days',
      'Mean date error',
      'Calibration within 30 days',
      'Window coverage by origin',
      'Purchases per week, actual and expected',
    ]) {
      expect(page).toContain(`aria-label="${title}"`);
    }
    expect(page).not.toMatch(
      /<script|<link|<img|src=|href=|url\(|@import|https?:|NaN|undefined|Infinity/,
    );
  });

  it('takes names for text and never for markup', () => {
    expect(page).toContain('plain &lt;b&gt;&amp;&quot;guess&quot;');
    expect(page).not.toContain('<b>');
  });

  it('is written for a shop of one customer too', () => {
    const { histories } = simulateShop({
      seed: 2,
      customers: 1,
      firstDay: 19_000,
      lastFirstDay: 19_000,
      lastDay: 19_400,
      unitDays: 7,
      rate: { r: 900, alpha: 900 },
      regularity: [{ k: 2, share: 1 }],
      dropOut: { a: 1e-6, b: 5 },
    });

    const alone = htmlPage(runBacktest(histories, [plain]));

    expect(alone).toContain('Customers: 1;');
    expect(alone).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('ticks', () => {
  it('are round and few', () => {
    expect(ticks(1)).toEqual([0, 0.2, 0.4, 0.6000000000000001, 0.8, 1]);
    expect(ticks(137)).toEqual([0, 50, 100]);
    expect(ticks(0)).toEqual([0]);
  });
});
