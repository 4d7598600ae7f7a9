/** Integer minor units and an ISO 4217 code; never a floating-point amount. */
export interface Money {
  readonly amountMinor: number;
  readonly currency: string;
}

const currencies = new Set(Intl.supportedValuesOf('currency'));
const digits = new Map<string, number>();

/** Whether the code is a currency that exists (upper-case ISO 4217). */
export function isCurrency(code: string): boolean {
  return currencies.has(code);
}

/** Decimal places of a currency: 2 for EUR, 0 for JPY, 3 for KWD. */
export function minorDigits(currency: string): number {
  let known = digits.get(currency);
  if (known === undefined) {
    known =
      new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
        .maximumFractionDigits ?? 2;
    digits.set(currency, known);
  }
  return known;
}

const DECIMAL = /^(-?)(\d{1,12})(?:\.(\d+))?$/;

/**
 * Decimal text ("11.77") to minor units (1177), exactly: no floating-point arithmetic is involved.
 * @returns undefined when the text is no plain decimal, or is finer than the currency's smallest coin.
 */
export function parseAmount(text: string, currency: string): number | undefined {
  const match = DECIMAL.exec(text.trim());
  if (!match) return undefined;
  const places = minorDigits(currency);
  const [, sign = '', whole = '0', fraction = ''] = match;
  if (/[^0]/.test(fraction.slice(places))) return undefined;
  const minor = Number(whole + fraction.slice(0, places).padEnd(places, '0'));
  if (minor === 0) return 0;
  return sign === '-' ? -minor : minor;
}

/** Minor units as decimal text: 1177 EUR -> "11.77". */
export function formatAmount({ amountMinor, currency }: Money): string {
  const places = minorDigits(currency);
  const sign = amountMinor < 0 ? '-' : '';
  const text = Math.abs(amountMinor)
    .toString()
    .padStart(places + 1, '0');
  if (places === 0) return sign + text;
  return `${sign}${text.slice(0, -places)}.${text.slice(-places)}`;
}
