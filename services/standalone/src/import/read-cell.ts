import { isDay, parseAmount } from '@regulars/kernel';

export type DateOrder = 'ymd' | 'dmy' | 'mdy';
export type DecimalMark = 'point' | 'comma';

/** When a purchase was made: an instant where the cell has an offset, else the local day of the company's zone. */
export type PurchaseTime = { readonly purchasedAt: string } | { readonly purchaseDay: string };

const INSTANT =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)\s?(Z|[+-]\d{2}:?\d{2})$/i;
const orders: Readonly<Record<DateOrder, RegExp>> = {
  ymd: /^(?<y>\d{4})[-/.]?(?<m>\d{2})[-/.]?(?<d>\d{2})$/,
  dmy: /^(?<d>\d{1,2})[-/.](?<m>\d{1,2})[-/.](?<y>\d{4})$/,
  mdy: /^(?<m>\d{1,2})[-/.](?<d>\d{1,2})[-/.](?<y>\d{4})$/,
};

export function readTime(cell: string, order: DateOrder): PurchaseTime | undefined {
  const [, date = '', time = '', offset = ''] = INSTANT.exec(cell) ?? [];
  if (date !== '') {
    if (!isDay(date)) return undefined;
    const colon = offset.length === 5 ? `${offset.slice(0, 3)}:${offset.slice(3)}` : offset;
    return { purchasedAt: `${date}T${time}${colon.toUpperCase()}` };
  }
  const purchaseDay = readDay(cell, order);
  return purchaseDay === undefined ? undefined : { purchaseDay };
}

/** A day; a time of day behind it, without an offset, is local and changes nothing. */
export function readDay(cell: string, order: DateOrder): string | undefined {
  const [date = '', time] = cell.split(/[T ]/, 2);
  if (time !== undefined && !/^\d{1,2}:\d{2}/.test(time)) return undefined;
  const { y, m, d } = orders[order].exec(date)?.groups ?? {};
  if (y === undefined || m === undefined || d === undefined) return undefined;
  const day = `${y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`;
  return isDay(day) ? day : undefined;
}

const grouped: Readonly<Record<DecimalMark, RegExp>> = {
  point: /^-?\d{1,3}(,\d{3})+$/,
  comma: /^-?\d{1,3}(\.\d{3})+$/,
};

/** "1,234.50", "1234.5" or with `comma` "1.234,50" to minor units. Nothing is rounded. */
export function readAmount(cell: string, currency: string, mark: DecimalMark): number | undefined {
  const [decimal, group] = mark === 'point' ? ['.', ','] : [',', '.'];
  const [whole = '', fraction, ...rest] = cell.replace(/[\s\u00a0']/g, '').split(decimal);
  // Groups are of three: in "12,5" with a decimal point the comma is a mistake, not a separator.
  if (rest.length > 0 || (whole.includes(group) && !grouped[mark].test(whole))) return undefined;
  const plain = whole.replaceAll(group, '');
  return parseAmount(fraction === undefined ? plain : `${plain}.${fraction}`, currency);
}
