import { err, isCurrency, isDay, isTimeZone, ok } from '@regulars/kernel';
import type { Reader } from './variables.js';

/** Readers of single settings: each says what the text must be when it is not. */

export const text: Reader<string> = (input) => ok(input);

export function wholeNumber(min: number, max: number): Reader<number> {
  return (input) => {
    const number = /^\d{1,15}$/.test(input) ? Number(input) : Number.NaN;
    return number >= min && number <= max
      ? ok(number)
      : err(`must be a whole number from ${String(min)} to ${String(max)}`);
  };
}

export function oneOf<T extends string>(values: readonly T[]): Reader<T> {
  return (input) => {
    const value = values.find((candidate) => candidate === input);
    return value === undefined ? err(`must be one of ${values.join(', ')}`) : ok(value);
  };
}

export const yesOrNo: Reader<boolean> = (input) => {
  if (input === 'true') return ok(true);
  return input === 'false' ? ok(false) : err('must be true or false');
};

export const timeZone: Reader<string> = (input) =>
  isTimeZone(input) ? ok(input) : err('must be an IANA time zone, such as Europe/Berlin');

export const currency: Reader<string> = (input) =>
  isCurrency(input) ? ok(input) : err('must be an ISO 4217 currency, such as EUR');

export const country: Reader<string> = (input) =>
  /^[A-Z]{2}$/.test(input) ? ok(input) : err('must be an ISO 3166 country, such as DE');

export const postgresUrl: Reader<string> = (input) => {
  const url = URL.canParse(input) ? new URL(input) : undefined;
  const postgres = url?.protocol === 'postgres:' || url?.protocol === 'postgresql:';
  return postgres ? ok(input) : err('must be a URL like postgres://user:password@host:5432/name');
};

/** `host:port`, separated by commas. */
export const brokers: Reader<readonly string[]> = (input) => {
  const list = listed(input);
  const good = list.length > 0 && list.every((broker) => /^[^\s:/@]+:\d{1,5}$/.test(broker));
  return good ? ok(list) : err('must be brokers like kafka-1:9092,kafka-2:9092');
};

export const addresses: Reader<readonly string[]> = (input) => {
  const list = listed(input);
  const good = list.every((entry) => /^[0-9A-Fa-f:.]+(\/\d{1,3})?$/.test(entry));
  return good ? ok(list) : err('must be IP addresses or networks, separated by commas');
};

/** A day (noon in the company's zone, so that "today" is that day) or an instant. */
export const dayOrInstant: Reader<string> = (input) =>
  isDay(input) || (INSTANT.test(input) && !Number.isNaN(Date.parse(input)))
    ? ok(input)
    : err('must be a day like 2026-03-01 or an instant like 2026-03-01T09:00:00Z');

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

function listed(input: string): string[] {
  return input
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
