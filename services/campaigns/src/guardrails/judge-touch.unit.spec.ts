import { describe, expect, it } from '@jest/globals';
import { minutesOfDay } from '@regulars/kernel';
import fc from 'fast-check';
import { aCustomer, aTouch, consentTo, guardrails, instant } from './judge-touch.builders.spec.js';
import { defer, judgeTouch, skip } from './judge-touch.js';
import { isQuiet } from './quiet-hours.js';

const noon = instant('2026-05-20T12:00+02:00');

describe('judgeTouch', () => {
  it('sends when nothing speaks against it', () => {
    expect(judgeTouch(aTouch(), aCustomer(), guardrails(), noon)).toEqual({
      kind: 'send',
      channel: 'email',
    });
  });

  it('waits for the end of quiet hours, also in the night when clocks go forward', () => {
    // 02:00-03:00 does not exist that night.
    const now = instant('2026-03-29T01:30+01:00');

    const verdict = judgeTouch(aTouch(), aCustomer(), guardrails({ quiet: '21:00-09:00' }), now);

    expect(verdict).toEqual(defer('quiet-hours', instant('2026-03-29T09:00+02:00')));
  });

  it('reads no record of consent as a no', () => {
    expect(judgeTouch(aTouch(), aCustomer({ consents: [] }), guardrails(), noon)).toEqual(
      skip('no-consent'),
    );
  });

  it('takes the first channel that is allowed and has an address', () => {
    const touch = aTouch({ channels: ['sms', 'email', 'task'] });

    expect(judgeTouch(touch, aCustomer(), guardrails(), noon)).toMatchObject({ channel: 'email' });
    expect(
      judgeTouch(touch, aCustomer({ consents: consentTo('sms') }), guardrails(), noon),
    ).toMatchObject({ channel: 'task' });
  });

  it('skips where every allowed channel lacks an address', () => {
    const customer = aCustomer({ reachable: new Set() });

    expect(judgeTouch(aTouch(), customer, guardrails(), noon)).toEqual(skip('no-address'));
  });

  it('lets nothing pass a standing stop, not even a task', () => {
    const customer = aCustomer({ stopStanding: true });

    expect(judgeTouch(aTouch({ channels: ['task'] }), customer, guardrails(), noon)).toEqual(
      skip('stopped'),
    );
  });

  it('lets a person call only if consent was given after the last stop', () => {
    const task = aTouch({ channels: ['task'] });
    const stopped = aCustomer({ consents: [], lastStopAt: instant('2026-02-01T00:00Z') });
    const [granted] = consentTo('email');
    const regranted = granted ? [{ ...granted, changedAt: '2026-03-01T00:00:00Z' }] : [];

    expect(judgeTouch(task, stopped, guardrails(), noon)).toEqual(skip('no-consent'));
    expect(judgeTouch(task, { ...stopped, consents: regranted }, guardrails(), noon)).toMatchObject(
      {
        kind: 'send',
      },
    );
  });

  it('is silent until the agreed hour, but for the touch that was agreed', () => {
    const agreedUntil = instant('2026-06-01T11:00+02:00');
    const customer = aCustomer({ agreedUntil });

    expect(judgeTouch(aTouch(), customer, guardrails(), noon)).toEqual(
      defer('agreement', agreedUntil),
    );
    expect(
      judgeTouch(aTouch({ fulfilsAgreement: true }), customer, guardrails(), noon),
    ).toMatchObject({ kind: 'send' });
  });

  it('defers a touch above the cap to waking hours', () => {
    const touchedAt = ['2026-05-07T06:00Z', '2026-05-18T09:00Z', '2026-05-19T09:00Z'].map(instant);

    // 14 days after the first one it is 08:00 in Berlin: quiet.
    expect(judgeTouch(aTouch(), aCustomer({ touchedAt }), guardrails(), noon)).toEqual(
      defer('frequency-cap', instant('2026-05-21T09:00+02:00')),
    );
  });

  it('skips instead of deferring past the next step', () => {
    const touch = aTouch({ expiresAt: instant('2026-05-20T22:00+02:00') });
    const late = instant('2026-05-20T21:30+02:00');

    expect(judgeTouch(touch, aCustomer(), guardrails(), late)).toEqual(skip('quiet-hours'));
  });

  it.each([
    ['behind', guardrails({ behind: true }), aCustomer()],
    ['campaign-paused', guardrails({ campaignPaused: true }), aCustomer()],
    ['consent-unknown', guardrails(), aCustomer({ consentUnknown: true })],
  ] as const)('defers with %s', (reason, rules, customer) => {
    expect(judgeTouch(aTouch(), customer, rules, noon)).toMatchObject({ kind: 'defer', reason });
  });

  it('never sends in quiet hours or above the cap, and never defers backwards', () => {
    const rules = guardrails();
    fc.assert(
      fc.property(
        fc.date({
          min: instant('2026-03-01T00:00Z'),
          max: instant('2026-11-30T00:00Z'),
          noInvalidDate: true,
        }),
        fc.constantFrom(
          'Europe/Berlin',
          'America/New_York',
          'Asia/Kathmandu',
          'Australia/Lord_Howe',
        ),
        fc.array(fc.integer({ min: 1, max: 30 * 24 }), { maxLength: 6 }),
        (now, timeZone, hoursAgo) => {
          const touchedAt = hoursAgo.map((hours) => new Date(now.getTime() - hours * 3_600_000));
          const verdict = judgeTouch(aTouch(), aCustomer({ timeZone, touchedAt }), rules, now);
          if (verdict.kind === 'send') {
            expect(isQuiet(rules.quietHours, minutesOfDay(now, timeZone))).toBe(false);
            expect(hoursAgo.filter((hours) => hours < 14 * 24).length).toBeLessThan(3);
          }
          if (verdict.kind === 'defer') {
            expect(verdict.until.getTime()).toBeGreaterThan(now.getTime());
            expect(isQuiet(rules.quietHours, minutesOfDay(verdict.until, timeZone))).toBe(false);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
