import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { gateOrigins } from './gate-origins.js';

const day = fc.integer({ min: 0, max: 30_000 });
const span = fc.integer({ min: 0, max: 4_000 });

describe('gateOrigins', () => {
  it('are several, a month apart or more, followed to the end of their horizons', () => {
    fc.assert(
      fc.property(day, span, (first, length) => {
        const last = first + length;
        const plan = gateOrigins(first, last);
        if (!plan) {
          expect(length).toBeLessThan(150);
          return;
        }
        const longest = plan.horizonsDays.at(-1) ?? Number.NaN;
        expect(plan.days.length).toBeGreaterThanOrEqual(3);
        expect(plan.days.at(-1)).toBe(last - longest);
        expect((plan.days[0] ?? first) - first).toBeGreaterThanOrEqual(0.4 * length);
        expect(last - (plan.days[0] ?? 0)).toBeLessThanOrEqual(360);
        plan.days.slice(1).forEach((origin, i) => {
          expect(origin - (plan.days[i] ?? 0)).toBeGreaterThanOrEqual(30);
        });
      }),
    );
  });

  it('of a long history lie a quarter apart: a year in all', () => {
    expect(gateOrigins(0, 1_000)).toEqual({
      days: [640, 730, 820, 910],
      horizonsDays: [30, 90],
    });
  });

  it('of half a year are judged by the next month alone', () => {
    expect(gateOrigins(0, 200)).toEqual({ days: [80, 110, 140, 170], horizonsDays: [30] });
  });

  it('are none in a history of four months: its season would decide', () => {
    expect(gateOrigins(0, 120)).toBeUndefined();
  });
});
