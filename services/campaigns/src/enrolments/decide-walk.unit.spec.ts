import { describe, expect, it } from '@jest/globals';
import { addDays, type Day } from '@regulars/kernel';
import fc from 'fast-check';
import { aDefinition } from '../campaigns/campaign.builders.spec.js';
import type { CampaignDefinition } from '../campaigns/campaign.js';
import { decideWalk, type WalkedCampaign } from './decide-walk.js';
import type { Enrolment, StandingForecast, WalkingCustomer } from './enrolment.js';

const now = new Date('2026-03-01T12:00:00Z');
const cycle = '00000000-0000-7000-8000-0000000000c1';
const nextCycle = '00000000-0000-7000-8000-0000000000c2';

function aForecast(over: Partial<StandingForecast> = {}): StandingForecast {
  return {
    cycle,
    lastPurchaseDay: '2026-02-20',
    dueDay: '2026-05-21',
    cycleDays: 90,
    expectedValueMinor: 2_000,
    modelVersion: 'test-1',
    epoch: 1,
    sequence: 1,
    ...over,
  };
}

function aCustomer(
  over: Partial<WalkingCustomer> & { due?: Partial<StandingForecast> } = {},
): WalkingCustomer {
  const { due, ...rest } = over;
  return {
    id: 'customer',
    merged: false,
    stopStanding: false,
    segment: 'regular',
    timeZone: 'Europe/Berlin',
    lastPurchase: { day: '2026-02-20', cycle, imported: false },
    forecast: { state: 'current', forecast: aForecast(due) },
    ...rest,
  };
}

function aCampaign(
  definition: Partial<CampaignDefinition> = {},
  over: Partial<WalkedCampaign> = {},
): WalkedCampaign {
  const whole = aDefinition(definition);
  return {
    id: 'campaign',
    version: 1,
    enrols: true,
    startedDay: '2026-02-01',
    definition: whole,
    definitionOf: () => whole,
    ...over,
  };
}

function anEnrolment(over: Partial<Enrolment> = {}): Enrolment {
  return {
    id: 'enrolment',
    campaignId: 'campaign',
    campaignVersion: 1,
    customerId: 'customer',
    cycle,
    state: 'running',
    triggerDay: '2026-05-21',
    lastPurchaseDay: '2026-02-20',
    released: false,
    ...over,
  };
}

const kinds = (...args: Parameters<typeof decideWalk>) =>
  decideWalk(...args).map((change) => (change.kind === 'end' ? change.reason : change.kind));

describe('decideWalk begins', () => {
  it('a ladder for a customer whose day is ahead', () => {
    const [change] = decideWalk(aCampaign(), aCustomer(), [], now);

    expect(change).toMatchObject({ kind: 'enrol', leadDays: 14 });
    expect(change?.kind === 'enrol' && change.steps.map(({ day }) => day)).toEqual([
      '2026-05-07',
      '2026-05-14',
      '2026-05-21',
      '2026-05-28',
    ]);
  });

  it('on the reminder day where there is no due day, with the wait as its cycle', () => {
    const { dueDay, cycleDays, ...rest } = aForecast();
    expect([dueDay, cycleDays]).toEqual(['2026-05-21', 90]);
    const forecast = { ...rest, remindDay: '2026-06-20' };

    const [change] = decideWalk(
      aCampaign(),
      aCustomer({ forecast: { state: 'current', forecast } }),
      [],
      now,
    );

    expect(change).toMatchObject({ kind: 'enrol', leadDays: 18 });
  });

  it('at once when the start is behind but the day is ahead', () => {
    expect(kinds(aCampaign(), aCustomer({ due: { dueDay: '2026-03-04' } }), [], now)).toEqual([
      'enrol',
    ]);
  });

  it('in the backlog when the day itself is behind', () => {
    expect(kinds(aCampaign(), aCustomer({ due: { dueDay: '2026-02-27' } }), [], now)).toEqual([
      'backlog',
    ]);
  });

  it.each([
    ['outside the audience', aCampaign(), aCustomer({ segment: 'lost' })],
    ['while the campaign is paused', aCampaign({}, { enrols: false }), aCustomer()],
    ['for a merged customer', aCampaign(), aCustomer({ merged: true })],
    ['while a stop stands', aCampaign(), aCustomer({ stopStanding: true })],
    [
      'before purchases and forecast agree',
      aCampaign(),
      aCustomer({ forecast: { state: 'pending' } }),
    ],
    ['without a forecast', aCampaign(), aCustomer({ forecast: { state: 'none' } })],
  ])('nothing %s', (_, campaign, customer) => {
    expect(decideWalk(campaign, customer, [], now)).toEqual([]);
  });

  it('nothing for a cycle that was walked already', () => {
    expect(decideWalk(aCampaign(), aCustomer(), [anEnrolment({ state: 'ended' })], now)).toEqual(
      [],
    );
  });

  it('for the lost only their kind', () => {
    const audience = { segments: ['lost'], lostKinds: ['lapsed'] } as const;

    expect(
      kinds(aCampaign({ audience }), aCustomer({ segment: 'lost', lostKind: 'lapsed' }), [], now),
    ).toEqual(['enrol']);
    expect(
      kinds(aCampaign({ audience }), aCustomer({ segment: 'lost', lostKind: 'no-cycle' }), [], now),
    ).toEqual([]);
  });
});

describe('decideWalk after a purchase', () => {
  const trigger = { kind: 'purchase', daysAfter: 3 } as const;
  const [presence] = aDefinition().ladder;
  const ladder = presence ? [{ ...presence, day: { days: 0 } }] : [];
  const bought = (day: Day, imported = false) =>
    aCustomer({
      lastPurchase: { day, cycle: nextCycle, imported },
      forecast: { state: 'pending' },
    });
  const firstDay = (day: Day) => {
    const [change] = decideWalk(aCampaign({ trigger, ladder }), bought(day), [], now);
    return change?.kind === 'enrol' ? change.steps[0]?.day : undefined;
  };

  it('hangs the ladder so many days after it', () => {
    expect(firstDay('2026-03-01')).toBe('2026-03-04');
  });

  it('fires nothing for imported history', () => {
    expect(decideWalk(aCampaign({ trigger, ladder }), bought('2026-03-01', true), [], now)).toEqual(
      [],
    );
  });

  it('shifts the ladder of a purchase that reached us a little late', () => {
    expect(firstDay('2026-02-25')).toBe('2026-03-01');
  });

  it('keeps the day of a purchase that reached us much too late, so that its steps are skipped on record', () => {
    expect(firstDay('2026-02-10')).toBe('2026-02-13');
  });

  it('fires nothing for purchases whose day was over when the campaign started', () => {
    const campaign = aCampaign({ trigger, ladder }, { startedDay: '2026-03-01' });

    expect(decideWalk(campaign, bought('2026-02-25'), [], now)).toEqual([]);
  });

  it('takes a second order of the same day for the same occasion', () => {
    const walked = anEnrolment({ cycle, lastPurchaseDay: '2026-03-01', triggerDay: '2026-03-04' });

    expect(decideWalk(aCampaign({ trigger, ladder }), bought('2026-03-01'), [walked], now)).toEqual(
      [],
    );
  });
});

describe('decideWalk ends', () => {
  it('with a purchase on a later day, even before its forecast has come', () => {
    const customer = aCustomer({
      lastPurchase: { day: '2026-03-01', cycle: nextCycle, imported: false },
      forecast: { state: 'pending' },
    });

    expect(kinds(aCampaign(), customer, [anEnrolment()], now)).toEqual(['purchased']);
  });

  it('not with an older purchase that came late', () => {
    const customer = aCustomer({ lastPurchase: { day: '2026-02-20', cycle, imported: false } });

    expect(kinds(aCampaign(), customer, [anEnrolment()], now)).toEqual([]);
  });

  it('not when the date of its own purchase is corrected: the steps move', () => {
    const customer = aCustomer({
      lastPurchase: { day: '2026-02-25', cycle, imported: false },
      due: { lastPurchaseDay: '2026-02-25', dueDay: '2026-05-26' },
    });

    expect(kinds(aCampaign(), customer, [anEnrolment()], now)).toEqual(['move']);
  });

  it('when the audience is left', () => {
    expect(kinds(aCampaign(), aCustomer({ segment: 'lost' }), [anEnrolment()], now)).toEqual([
      'left-audience',
    ]);
  });

  it('when the forecast is withdrawn', () => {
    expect(
      kinds(aCampaign(), aCustomer({ forecast: { state: 'none' } }), [anEnrolment()], now),
    ).toEqual(['forecast-withdrawn']);
  });

  it('when the purchase was removed and the earlier cycle is back, which is not walked again', () => {
    const earlier = anEnrolment({ id: 'earlier', state: 'ended' });
    const current = anEnrolment({ cycle: nextCycle, lastPurchaseDay: '2026-02-27' });

    expect(kinds(aCampaign(), aCustomer(), [earlier, current], now)).toEqual(['corrected']);
  });

  it('also in a paused campaign', () => {
    const customer = aCustomer({ segment: 'lost' });

    expect(kinds(aCampaign({}, { enrols: false }), customer, [anEnrolment()], now)).toEqual([
      'left-audience',
    ]);
  });
});

describe('decideWalk moves', () => {
  it('with the due day', () => {
    const customer = aCustomer({ due: { dueDay: '2026-06-01' } });

    expect(decideWalk(aCampaign(), customer, [anEnrolment()], now)).toMatchObject([
      { kind: 'move', occasion: { triggerDay: '2026-06-01' } },
    ]);
  });

  it('not a ladder that was released from the backlog', () => {
    const customer = aCustomer({ due: { dueDay: '2026-06-01' } });

    expect(kinds(aCampaign(), customer, [anEnrolment({ released: true })], now)).toEqual([]);
  });

  it('a backlog that is no longer past into a ladder', () => {
    const waiting = anEnrolment({ state: 'backlog', triggerDay: '2026-02-20' });

    expect(kinds(aCampaign(), aCustomer(), [waiting], now)).toEqual(['move']);
  });
});

describe('decideWalk is settled', () => {
  it('applying its changes leaves nothing to change, whatever the facts', () => {
    const day = fc.integer({ min: -120, max: 200 }).map((days) => addDays('2026-03-01', days));
    fc.assert(
      fc.property(
        day,
        day,
        fc.integer({ min: 3, max: 400 }),
        fc.constantFrom('regular', 'lost', 'one-time'),
        fc.boolean(),
        (dueDay, lastPurchaseDay, cycleDays, segment, hasEnrolment) => {
          const customer = aCustomer({
            segment,
            lastPurchase: { day: lastPurchaseDay, cycle, imported: false },
            due: { dueDay, lastPurchaseDay, cycleDays },
          });
          const before = hasEnrolment ? [anEnrolment()] : [];
          const after = decideWalk(aCampaign(), customer, before, now).reduce(apply, before);
          expect(decideWalk(aCampaign(), customer, after, now)).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });
});

function apply(
  enrolments: readonly Enrolment[],
  change: ReturnType<typeof decideWalk>[number],
): Enrolment[] {
  switch (change.kind) {
    case 'end':
      return enrolments.map((e) => (e === change.enrolment ? { ...e, state: 'ended' } : e));
    case 'move':
      return enrolments.map((e) =>
        e === change.enrolment
          ? {
              ...e,
              state: 'running',
              triggerDay: change.occasion.triggerDay,
              lastPurchaseDay: change.occasion.lastPurchaseDay,
            }
          : e,
      );
    case 'enrol':
    case 'backlog': {
      const { cycle: walked, triggerDay, lastPurchaseDay } = change.occasion;
      const state = change.kind === 'enrol' ? 'running' : 'backlog';
      return [
        ...enrolments,
        anEnrolment({ id: 'new', cycle: walked, triggerDay, lastPurchaseDay, state }),
      ];
    }
  }
}
