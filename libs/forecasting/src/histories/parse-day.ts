export type DateOrder = 'ymd' | 'dmy' | 'mdy';

const DAY_ORDERS: Readonly<Record<DateOrder, RegExp>> = {
  ymd: /^(?<y>\d{4})([-/.]?)(?<m>\d{1,2})\2(?<d>\d{1,2})$/,
  dmy: /^(?<d>\d{1,2})([-/.])(?<m>\d{1,2})\2(?<y>\d{4})$/,
  mdy: /^(?<m>\d{1,2})([-/.])(?<d>\d{1,2})\2(?<y>\d{4})$/,
};
const CLOCK = String.raw`\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?|\d{6}([.,]\d+)?`;
/** "Z", "CET", "+02:00", "GMT+2", "+02:00[Europe/Berlin]". */
const ZONE = String.raw`([zZ]|utc|[A-Z]{3,4})?\s*([+-]\d{1,2}(:?\d{2})?)?\s*(\[[\w/+-]+\])?`;
const TIME = new RegExp(`^(${CLOCK})\\s*([aApP][mM])?\\s*${ZONE}$`);
const SECONDS_PER_DAY = 86_400;

/** Placeholders such as 0001-01-01 and 9999-12-31 stand for "no date"; these years are taken for meant. */
const FIRST_YEAR = 1900;
const LAST_YEAR = 2199;

/**
 * The calendar day that a cell names, as days since 1970-01-01; undefined where it names none. A time of day behind the
 * date changes nothing: the day as written is the local day of the purchase. Bare numbers of 9 or 10 digits are seconds
 * since 1970, of 12 or 13 milliseconds (UTC).
 */
export function parseDay(cell: string, order: DateOrder = 'ymd'): number | undefined {
  const fast = order === 'ymd' ? isoDay(cell) : undefined;
  return fast ?? writtenDay(cell, order) ?? epochDay(cell);
}

/** "2026-03-01" without a regular expression: the common case of files with millions of rows. */
function isoDay(cell: string): number | undefined {
  if (cell.length !== 10 || cell[4] !== '-' || cell[7] !== '-') return undefined;
  const year = digits(cell, 0, 4);
  const month = digits(cell, 5, 7);
  const day = digits(cell, 8, 10);
  return dayOf(year, month, day);
}

function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

function writtenDay(cell: string, order: DateOrder): number | undefined {
  const split = cell.search(/[T ]/);
  const date = split === -1 ? cell : cell.slice(0, split);
  if (split !== -1 && !TIME.test(cell.slice(split + 1).trim())) return undefined;
  const { y, m, d } = DAY_ORDERS[order].exec(date)?.groups ?? {};
  return dayOf(Number(y), Number(m), Number(d));
}

function epochDay(cell: string): number | undefined {
  const found = /^(\d{9,10}|\d{12,13})(\.\d+)?$/.exec(cell)?.[1];
  if (found === undefined) return undefined;
  const seconds = found.length > 10 ? Number(found) / 1000 : Number(found);
  return Math.floor(seconds / SECONDS_PER_DAY);
}

function dayOf(year: number, month: number, day: number): number | undefined {
  if (!(year >= FIRST_YEAR && year <= LAST_YEAR)) return undefined;
  const time = Date.UTC(year, month - 1, day);
  // February 30 would come back as a day of March.
  if (new Date(time).getUTCMonth() !== month - 1) return undefined;
  return time / (SECONDS_PER_DAY * 1000);
}
