import { err, isDay, ok, type Result } from '@regulars/kernel';
import { columnsOf, type FieldReader } from './columns.js';
import { readDay, type DateOrder } from './read-cell.js';
import type { ImportItem, Row, RowReader } from './row.js';

export interface CustomerRules {
  readonly source: string;
  readonly dateOrder: DateOrder;
  readonly map: ReadonlyMap<string, string>;
  /** Name of the file: where the consent was found, as its proof. */
  readonly file: string;
}

const channels = ['email', 'sms', 'telegram', 'whatsapp', 'viber'] as const;
const consentColumns = channels.map((channel) => `consent_${channel}`);
const texts = {
  name: 'name',
  phone: 'phone',
  email: 'email',
  language: 'language',
  time_zone: 'timeZone',
};
const known = [
  'customer_id',
  ...Object.keys(texts),
  'birthday',
  'consent',
  ...consentColumns,
  'consent_date',
];

/** Reads rows as customers. What a row leaves empty stays as it is. */
export function customerReader(columns: readonly string[], rules: CustomerRules): RowReader {
  const { read } = columnsOf(columns, rules.map, {
    known,
    required: [],
    oneOf: ['customer_id', 'phone', 'email'],
  });
  return {
    read(row) {
      const item = row.problem === undefined ? toItem(row, read, rules) : err(row.problem);
      return item.ok ? item : err({ reason: item.error });
    },
  };
}

function toItem(row: Row, read: FieldReader, rules: CustomerRules): Result<ImportItem, string> {
  const cell = (field: string): string => read(row.cells, field);
  const externalId = cell('customer_id');
  const customerKey = externalId || cell('phone') || cell('email');
  if (customerKey === '') return err('customer-missing');
  const birthday = birthdayOf(cell('birthday'), rules.dateOrder);
  if (!birthday.ok) return birthday;
  const consents = consentsOf(row, cell, rules);
  if (!consents.ok) return consents;

  const named = Object.entries(texts).flatMap(([field, name]) =>
    cell(field) === '' ? [] : [[name, cell(field)]],
  );
  const body: Record<string, unknown> = {
    ...(externalId && { externalId, source: rules.source }),
    ...(Object.fromEntries(named) as Record<string, string>),
    ...(birthday.value && { importantDates: [{ kind: 'birthday', date: birthday.value }] }),
    ...(consents.value.length > 0 && { consents: consents.value }),
    imported: true,
  };
  return ok({ body, customerKey });
}

/** A day, or month and day where the year is not known: "--05-17". */
function birthdayOf(cell: string, order: DateOrder): Result<string | undefined, string> {
  if (cell === '') return ok(undefined);
  if (/^--\d{2}-\d{2}$/.test(cell) && isDay(`2000${cell.slice(1)}`)) return ok(cell);
  const day = readDay(cell, order);
  return day === undefined ? err('birthday-not-understood: 1980-05-17 or --05-17') : ok(day);
}

type Channel = (typeof channels)[number];
const yes = ['yes', 'y', 'true', '1', 'granted'];
const no = ['no', 'n', 'false', '0', 'withdrawn'];

/**
 * Consent from a list of channels ("email sms", each granted) or a column per channel with yes or no. A bare "yes"
 * to nothing in particular is no consent: it has to say for which channel.
 */
function consentsOf(
  row: Row,
  cell: (field: string) => string,
  rules: CustomerRules,
): Result<object[], string> {
  const states = new Map<Channel, 'granted' | 'withdrawn'>();
  const listed = cell('consent').toLowerCase();
  const words = no.includes(listed) ? [] : listed.split(/[\s,;|/]+/).filter((word) => word !== '');
  for (const word of words) {
    const channel = channels.find((candidate) => candidate === word.replace('e-mail', 'email'));
    if (!channel) return err('consent-not-understood: name the channels, such as "email sms"');
    states.set(channel, 'granted');
  }
  for (const channel of channels) {
    const answer = cell(`consent_${channel}`).toLowerCase();
    if (yes.includes(answer)) states.set(channel, 'granted');
    else if (no.includes(answer)) states.set(channel, 'withdrawn');
    else if (answer !== '') return err(`consent-not-understood: consent_${channel} is yes or no`);
  }
  const day = readDay(cell('consent_date'), rules.dateOrder);
  if (cell('consent_date') !== '' && day === undefined) return err('consent-date-not-understood');
  const evidence = `${rules.file}, line ${String(row.line)}`;
  return ok(
    [...states].map(([channel, state]) => ({
      channel,
      state,
      evidence,
      ...(day !== undefined && { changedAt: `${day}T00:00:00Z` }),
    })),
  );
}
