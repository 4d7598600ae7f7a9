import { describe, expect, it } from '@jest/globals';
import { customerReader } from './customer-rows.js';

function read(row: Readonly<Record<string, string>>): unknown {
  const rules = { source: 'import', dateOrder: 'ymd', map: new Map(), file: 'people.csv' } as const;
  const reader = customerReader(Object.keys(row), rules);
  const item = reader.read({ line: 7, cells: Object.values(row) });
  return item.ok ? item.value.body : item.error.reason.split(':')[0];
}

describe('customerReader', () => {
  it('makes a customer of a row and says nothing about what the row leaves empty', () => {
    const row = {
      customer_id: '42',
      name: 'Ada',
      phone: '+49 30 1',
      email: '',
      birthday: '1980-05-17',
      time_zone: 'Europe/Berlin',
    };

    expect(read(row)).toEqual({
      externalId: '42',
      source: 'import',
      name: 'Ada',
      phone: '+49 30 1',
      timeZone: 'Europe/Berlin',
      importantDates: [{ kind: 'birthday', date: '1980-05-17' }],
      imported: true,
    });
  });

  it.each([
    [{ consent: 'email SMS' }, { email: 'granted', sms: 'granted' }],
    [{ consent: 'e-mail;viber' }, { email: 'granted', viber: 'granted' }],
    [{ consent: '' }, {}],
    [{ consent: 'no' }, {}],
    [
      { consent_email: 'Yes', consent_sms: 'no', consent_viber: '' },
      { email: 'granted', sms: 'withdrawn' },
    ],
  ])('reads the consent %j', (cells, expected) => {
    const body = read({ phone: '1', ...cells }) as {
      consents?: { channel: string; state: string }[];
    };
    const states = (body.consents ?? []).map(({ channel, state }) => [channel, state]);

    expect(Object.fromEntries(states)).toEqual(expected);
  });

  it('keeps where and when the consent was found', () => {
    expect(read({ phone: '1', consent: 'email', consent_date: '2025-01-02' })).toMatchObject({
      consents: [{ evidence: 'people.csv, line 7', changedAt: '2025-01-02T00:00:00Z' }],
    });
  });

  it.each([
    [{ phone: '' }, 'customer-missing'],
    [{ phone: '1', consent: 'yes' }, 'consent-not-understood'],
    [{ phone: '1', consent: 'fax' }, 'consent-not-understood'],
    [{ phone: '1', consent_email: 'maybe' }, 'consent-not-understood'],
    [{ phone: '1', birthday: '30.2.' }, 'birthday-not-understood'],
    [{ phone: '1', birthday: '--13-01' }, 'birthday-not-understood'],
  ])('does not guess: %j', (row, expected) => {
    expect(read(row)).toBe(expected);
  });

  it('takes a birthday without its year, leap days too', () => {
    expect(read({ phone: '1', birthday: '--02-29' })).toMatchObject({
      importantDates: [{ date: '--02-29' }],
    });
  });
});
