import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeCast, zones } from './cast.ts';
import { instantOf, localTime } from './local-time.ts';
import { conversations, type Month } from './month.ts';
import { play } from './play.ts';
import * as recordRules from './record-rules.ts';
import { readEvidence, touchesOf, type Evidence } from './records.ts';
import * as rules from './rules.ts';
import { makeScript } from './script.ts';
import { openShop, type Shop } from './shop.ts';

const FIRST_DAY = '2026-02-20';
const LAST_DAY = '2026-04-20';
/** Clocks change on 8 March in New York, 29 March in Berlin, 5 April in Sydney and Auckland. */
const changeDays: Readonly<Record<string, string>> = {
  'America/New_York': '2026-03-08',
  'Europe/Berlin': '2026-03-29',
  'Australia/Sydney': '2026-04-05',
  'Pacific/Auckland': '2026-04-05',
};
const end = new Date(`${LAST_DAY}T00:00:00Z`);
/** Below these a rule would hold for want of cases. About half of what a run brings. */
const atLeast: Readonly<Record<string, number>> = {
  'sent by email': 100,
  'sent by task': 30,
  'sent by webhook': 30,
  'agreed calls sent': 5,
  'deferred quiet-hours': 80,
  'deferred frequency-cap': 40,
  'skipped frequency-cap': 50,
  'skipped purchased': 100,
  'skipped agreement': 50,
  'skipped stopped': 15,
  'skipped answered-yes': 15,
  'skipped answered-no': 8,
  'skipped no-consent': 1,
  'planned backlog': 5,
  'planned agreement-broken': 2,
};

describe('two months of touches in five zones, over every change of clocks', () => {
  let shop: Shop | undefined;
  let month: Month;
  let evidence: Evidence;

  beforeAll(async () => {
    const from = instantOf(FIRST_DAY, 0, 'Europe/Berlin');
    shop = await openShop({ from, timeZone: 'Europe/Berlin' });
    const cast = makeCast(FIRST_DAY);
    const played = await play(shop, cast, makeScript(cast, LAST_DAY), end);
    evidence = await readEvidence(shop.databaseUrl);
    const touches = [];
    for (const customerId of played.people.keys())
      touches.push(...(await touchesOf(shop, customerId)));
    month = { ...played, touches, sent: evidence.sent };
  }, 900_000);

  afterAll(async () => {
    await shop?.close();
  });

  it('brought every situation that the rules are about', () => {
    const seen = situations(month);

    const missing = Object.entries(atLeast).filter(([name, least]) => (seen[name] ?? 0) < least);
    expect({ missing, seen }).toEqual({ missing: [], seen });
  });

  it.each([
    ['none within quiet hours of the customer', rules.noneInQuietHours],
    ['never more than three in 14 days', rules.noneAboveCap],
    ['none of a ladder after a later purchase', rules.noneAfterPurchase],
    ['none before the agreed hour', rules.noneBeforeAgreedTime],
    ['none after a stop', rules.noneAfterStop],
    ['none of a ladder that an answer ended', rules.noneOfEndedLadders],
    ['no mail after its consent was withdrawn', rules.noMailWithoutConsent],
    ['none twice per customer, step and cycle', rules.noneTwice],
    ['every reason is on the closed list', recordRules.everyReasonIsKnown],
    ['every reason was so at that moment', recordRules.everyReasonIsTrue],
    ["every step has its hour of the customer's day", recordRules.everyStepHasItsHour],
    ['every agreed call is planned for the agreed hour', recordRules.everyAgreedCallIsPlanned],
    ['nothing is left behind', recordRules.nothingIsLeftBehind(end)],
  ])('%s', (_, rule) => {
    expect(rule(month).slice(0, 20)).toEqual([]);
  });

  it('leaves at 11:00 by the wall clock before and after every change of clocks', () => {
    const atEleven = month.sent.filter(({ customerId, at }) => {
      const zone = month.people.get(customerId)?.zone ?? '';
      return localTime(at, zone).minutes === 11 * 60;
    });
    for (const zone of zones) {
      const change = changeDays[zone];
      if (change === undefined) continue;
      const days = atEleven
        .filter(({ customerId }) => month.people.get(customerId)?.zone === zone)
        .map(({ at }) => localTime(at, zone).day);
      expect(days.filter((day) => day < change).length).toBeGreaterThan(0);
      expect(days.filter((day) => day >= change).length).toBeGreaterThan(0);
    }
  });

  it('tells the same in the API, the tables and the log', () => {
    const sentInLog = new Map(evidence.sent.map(({ touchId, at }) => [touchId, at]));
    const told = month.touches.map(({ id, sentAt }) => [id, sentAt?.toISOString()]);
    const inTables = evidence.rows.map(({ id, sentAt }) => [id, sentAt?.toISOString()]);
    const inLog = month.touches.map(({ id }) => [id, sentInLog.get(id)?.toISOString()]);

    expect(told.toSorted()).toEqual(inTables.toSorted());
    expect(told.toSorted()).toEqual(inLog.toSorted());
    // Each sent touch left exactly one message or one task behind, and no other touch did.
    expect(
      evidence.rows.filter(({ sentAt, messages, tasks }) => messages + tasks !== (sentAt ? 1 : 0)),
    ).toEqual([]);
    expect(evidence.deadLetters).toBe(0);
  });
});

function situations({ touches, sent }: Month): Record<string, number> {
  const names = [
    ...sent.map(({ channel }) => `sent by ${channel}`),
    ...sent.flatMap(({ campaignId }) =>
      campaignId === conversations ? ['agreed calls sent'] : [],
    ),
    ...recordRules
      .changes(touches, 'planned', 'deferred', 'skipped')
      .map(({ change: { state, reason } }) => `${state} ${reason}`),
  ];
  return Object.fromEntries(
    [...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length]),
  );
}
