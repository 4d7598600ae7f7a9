import { describe, expect, it } from '@jest/globals';
import { addDays, minutesOfDay } from '@regulars/kernel';
import fc from 'fast-check';
import { aDefinition } from '../campaigns/campaign.builders.spec.js';
import { directnessRank } from './directness.js';
import { leadDays } from './lead.js';
import { channelsOf, offsetsOf, planLadder } from './plan-ladder.js';

describe('leadDays', () => {
  it.each([
    [90, 14],
    [10, 2],
    [365, 21],
    [60, 9],
  ])('of a cycle of %d days is %d', (cycle, lead) => {
    expect(leadDays({ share: 0.15, minDays: 2, maxDays: 21 }, cycle)).toBe(lead);
  });
});

describe('offsetsOf', () => {
  it('puts presence a lead before, the offer on the day, and one follow-up after it', () => {
    expect(offsetsOf(aDefinition(), 90)).toEqual([-14, -7, 0, 7]);
  });

  it('moves the whole ladder behind the day where the cycle is short', () => {
    expect(offsetsOf(aDefinition(), 20)).toEqual([1, 3, 4, 6]);
  });

  it('leaves a ladder after a purchase where it is', () => {
    const definition = aDefinition({ trigger: { kind: 'purchase', daysAfter: 0 } });

    expect(offsetsOf(definition, 5)).toEqual(offsetsOf(definition, 5).toSorted((a, b) => a - b));
    expect(Math.min(...offsetsOf(definition, 5))).toBeLessThan(1);
  });
});

describe('planLadder', () => {
  it("hangs each step on the customer's own hour, also across a DST change", () => {
    const steps = planLadder(aDefinition(), [-14, -7, 0, 7], '2026-04-05', 'Europe/Berlin');

    expect(steps.map(({ dueAt }) => dueAt.toISOString())).toEqual([
      '2026-03-22T10:00:00.000Z',
      '2026-03-29T09:00:00.000Z',
      '2026-04-05T09:00:00.000Z',
      '2026-04-12T09:00:00.000Z',
    ]);
  });

  it('lets a step wait until the next one is due, and the last one for two weeks', () => {
    const steps = planLadder(aDefinition(), [-14, -7, 0, 7], '2026-06-05', 'UTC');

    expect(steps[0]?.expiresAt).toEqual(steps[1]?.dueAt);
    expect(steps[3]?.expiresAt.toISOString()).toBe('2026-06-26T11:00:00.000Z');
  });

  it('rises in time and directness, at the right hour, for any cycle, day and zone', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 800 }),
        fc.integer({ min: 0, max: 1_500 }),
        fc.constantFrom('Europe/Berlin', 'America/New_York', 'Pacific/Apia', 'Australia/Lord_Howe'),
        (cycleDays, day, zone) => {
          const definition = aDefinition();
          const triggerDay = addDays('2025-01-01', day);
          const steps = planLadder(definition, offsetsOf(definition, cycleDays), triggerDay, zone);
          expect(steps).toHaveLength(definition.ladder.length);
          for (const [index, step] of steps.entries()) {
            expect(minutesOfDay(step.dueAt, zone)).toBe(11 * 60);
            expect(step.expiresAt.getTime()).toBeGreaterThanOrEqual(step.dueAt.getTime());
            const before = steps[index - 1];
            if (!before) continue;
            expect(step.dueAt.getTime()).toBeGreaterThanOrEqual(before.dueAt.getTime());
            expect(directnessRank(step.step.directness)).toBeGreaterThanOrEqual(
              directnessRank(before.step.directness),
            );
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('channelsOf', () => {
  it("puts the customer's own choice in, once", () => {
    expect(channelsOf(['preferred', 'email', 'task'], 'task')).toEqual(['task', 'email']);
  });

  it('passes over a choice that no step can go out on', () => {
    expect(channelsOf(['preferred', 'email'], 'viber')).toEqual(['email']);
  });
});
