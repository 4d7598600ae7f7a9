import { describe, expect, it } from '@jest/globals';
import { consentTo } from '../guardrails/judge-touch.builders.spec.js';
import { csvName } from './agenda.controller.js';
import { mayContact, whyNow, type AgendaRow } from './agenda.js';
import { toCsv } from './csv.js';

function aRow(over: Partial<AgendaRow> = {}): AgendaRow {
  return {
    customerId: 'c',
    name: 'Ada',
    phone: '+4930901820',
    email: null,
    segment: 'regular',
    contactDay: '2026-05-21',
    dueDay: '2026-05-21',
    cycleDays: 90.4,
    basis: 'own data',
    lastPurchaseDay: '2026-02-20',
    agreedDay: null,
    agreedHour: null,
    whoActs: null,
    channel: 'email',
    nextTouchAt: null,
    lastContactAt: null,
    lastContactChannel: null,
    expectedSpendMinor: 2_000,
    currency: 'EUR',
    consents: [],
    stopStanding: false,
    lastStopAt: null,
    ...over,
  };
}

describe('whyNow', () => {
  it.each([
    [
      '2026-05-18',
      {},
      'Buys about every 90 days, due on 2026-05-21, in 3 days; last bought on 2026-02-20',
    ],
    ['2026-05-21', {}, 'Buys about every 90 days, due today; last bought on 2026-02-20'],
    [
      '2026-05-22',
      {},
      'Buys about every 90 days, due since 2026-05-21, overdue by a day; last bought on 2026-02-20',
    ],
    [
      '2026-05-20',
      { dueDay: null, cycleDays: null, basis: 'company' },
      'Reminder day (company) on 2026-05-21, in a day; last bought on 2026-02-20',
    ],
    [
      '2026-05-20',
      { agreedDay: '2026-06-01', agreedHour: 15, whoActs: 'we-call' as const },
      'Agreed for 2026-06-01 at 15:00: we call; last bought on 2026-02-20',
    ],
    [
      '2026-05-20',
      { contactDay: null, lastPurchaseDay: null },
      'No date can be given: keep in touch',
    ],
    ['2026-05-20', { stopStanding: true }, 'Asked not to be contacted; last bought on 2026-02-20'],
  ])('on %s says %#', (today, over, words) => {
    expect(whyNow(aRow(over), today)).toBe(words);
  });
});

describe('mayContact', () => {
  const stop = new Date('2026-05-01T12:00:00Z');
  const email = consentTo('email').map((consent) => ({
    ...consent,
    changedAt: '2026-05-02T00:00:00Z',
  }));
  const withdrawn = email.map((consent) => ({ ...consent, state: 'withdrawn' as const }));

  it.each([
    ['whom nothing is known of', {}, true],
    ['who wants no mail: a call is another thing', { consents: withdrawn }, true],
    ['who said stop just now', { consents: email, stopStanding: true, lastStopAt: stop }, false],
    ['whose stop is on record', { consents: withdrawn, lastStopAt: stop }, false],
    ['who gave a consent after the stop', { consents: email, lastStopAt: stop }, true],
  ])('of somebody %s', (_, over, may) => {
    expect(mayContact(aRow(over))).toBe(may);
  });
});

describe('csvName', () => {
  it('says when the file is not the whole list', () => {
    expect([csvName(10_000), csvName(10_001)]).toEqual(['agenda.csv', 'agenda-first-10000.csv']);
  });
});

describe('toCsv', () => {
  it('quotes what needs quotes and disarms formulas, phone numbers too', () => {
    expect(
      toCsv(
        ['a', 'b'],
        [
          ['=1+1', '+49'],
          ['x "y", z', null],
          ['-2', 3],
          ['\t@', '@x'],
        ],
      ),
    ).toBe('a,b\r\n\'=1+1,\'+49\r\n"x ""y"", z",\r\n\'-2,3\r\n\'\t@,\'@x\r\n');
  });
});
