import { describe, expect, it } from '@jest/globals';
import { aDefinition } from './campaign.builders.spec.js';
import { defaultLadder } from './campaign-defaults.js';
import type { LadderStep } from './campaign.js';
import { checkDefinition } from './check-definition.js';

const codes = (over: Parameters<typeof aDefinition>[0]) =>
  checkDefinition(aDefinition(over)).map(({ pointer, code }) => `${pointer} ${code}`);
const step = (over: Partial<LadderStep>): LadderStep => ({
  step: 1,
  day: { days: 0 },
  directness: 'reminder',
  channel: 'email',
  fallbacks: [],
  hour: 11,
  ...over,
});

describe('checkDefinition', () => {
  it('finds nothing in the defaults', () => {
    expect(codes({})).toEqual([]);
  });

  it('wants three steps, around the due day and after a purchase', () => {
    const trigger = { kind: 'purchase', daysAfter: 3 } as const;

    expect(codes({ ladder: defaultLadder.slice(0, 2) })).toEqual(['/ladder ladder-too-short']);
    expect(codes({ trigger, ladder: [step({}), step({})] })).toEqual(['/ladder ladder-too-short']);
    expect(codes({ trigger, ladder: [step({}), step({}), step({})] })).toEqual([]);
  });

  it('refuses directness that falls', () => {
    const ladder = [
      step({ directness: 'reminder', day: { days: -3 } }),
      step({ directness: 'presence', day: { days: -2 } }),
      step({ directness: 'direct-offer' }),
    ];

    expect(codes({ ladder })).toEqual(['/ladder/1/directness directness-falls']);
  });

  it('refuses steps that run backwards at either end of the lead', () => {
    const ladder = [
      step({ day: { days: -5 } }),
      step({ day: { leadShare: -1 } }),
      step({ day: { days: 0 } }),
    ];

    expect(codes({ ladder })).toEqual(['/ladder/1/day step-before-last']);
  });

  it('refuses steps that run backwards within a day', () => {
    const ladder = [15, 10, 11].map((hour) => step({ hour }));

    expect(codes({ ladder })).toEqual(['/ladder/1/hour step-before-last']);
  });

  it('refuses steps that fall on one day and run backwards for some lead between its ends', () => {
    // A lead of 2 or 20 days keeps them apart; one of 4 days rounds both to a day before.
    const ladder = [
      step({ day: { leadShare: -0.35 }, hour: 15 }),
      step({ day: { leadShare: -0.2 }, hour: 10 }),
      step({}),
    ];

    expect(codes({ ladder, lead: { share: 0.15, minDays: 2, maxDays: 2 } })).toEqual([]);
    expect(codes({ ladder, lead: { share: 0.15, minDays: 20, maxDays: 20 } })).toEqual([]);
    expect(codes({ ladder, lead: { share: 0.15, minDays: 2, maxDays: 20 } })).toEqual([
      '/ladder/1/hour step-before-last',
    ]);
  });

  it('refuses a step before the purchase that triggers it', () => {
    const trigger = { kind: 'purchase', daysAfter: 7 } as const;

    expect(codes({ trigger, ladder: [step({ day: { days: -1 } }), step({}), step({})] })).toEqual([
      '/ladder/0/day before-purchase',
    ]);
  });

  it('refuses lost kinds without the lost, an inverted lead, and channels that repeat or lack', () => {
    expect(codes({ audience: { segments: ['regular'], lostKinds: ['lapsed'] } })).toEqual([
      '/audience/lostKinds not-in-audience',
    ]);
    expect(codes({ lead: { share: 0.1, minDays: 9, maxDays: 3 } })).toContain(
      '/lead/minDays lead-inverted',
    );
    const trigger = { kind: 'purchase', daysAfter: 0 } as const;
    expect(
      codes({ trigger, ladder: [step({ fallbacks: ['email'] }), step({}), step({})] }),
    ).toEqual(['/ladder/0/fallbacks same-channel']);
    expect(
      codes({ trigger, ladder: [step({ channel: 'preferred' }), step({}), step({})] }),
    ).toEqual(['/ladder/0/fallbacks fallback-missing']);
  });
});
