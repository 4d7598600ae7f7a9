import { describe, expect, it } from '@jest/globals';
import { PopulationGatherer } from './population.js';
import { purchaseCycleEngine } from './purchase-cycle-engine.js';
import { verdictOn, weeklyDrift } from './weekly-drift.js';

const weeks = (...pairs: [observed: number, expected: number][]) =>
  pairs.map(([observed, expected]) => ({ observed, expected }));

describe('the drift alarm', () => {
  it.each([
    ['two weeks far below', weeks([79, 100], [79, 100]), true],
    ['two weeks far above', weeks([126, 100], [130, 100]), true],
    ['one week off alone', weeks([79, 100], [81, 100]), false],
    ['within bounds', weeks([80, 100], [125, 100]), false],
    ['small weeks, off together', weeks([30, 60], [30, 60]), true],
    ['too little to tell', weeks([0, 40], [0, 40]), false],
    ['nothing expected', weeks([5, 0], [5, 0]), false],
  ])('%s', (_, of, alarm) => {
    expect(verdictOn(of).isAlarm).toBe(alarm);
  });

  it('counts what came in each of the last two weeks, and rings when a shop has fallen silent', () => {
    const gatherer = new PopulationGatherer();
    for (let i = 0; i < 400; i++) {
      const days = Array.from({ length: 10 }, (_, n) => 1_000 + (i % 7) + 7 * n);
      gatherer.addCustomer(
        days.map((day) => ({ day, spendMinor: 100 })),
        'EUR',
      );
    }
    const { company } = gatherer.population();
    const model = purchaseCycleEngine.builtInPrior.company;
    const busy = weeklyDrift(model, company, 1_000 + 6 + 7 * 9);
    const silent = weeklyDrift(model, company, 1_000 + 6 + 7 * 9 + 14);

    expect(busy.weeks.map(({ observed }) => observed)).toEqual([400, 400]);
    expect(busy.ratio).toBeGreaterThan(0.8);
    expect(busy.ratio).toBeLessThan(2);
    expect(silent.weeks.map(({ observed }) => observed)).toEqual([0, 0]);
    expect(silent).toMatchObject({ ratio: 0, isAlarm: true });
  });
});
