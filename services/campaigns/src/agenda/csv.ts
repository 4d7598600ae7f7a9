/**
 * Comma-separated values (RFC 4180). A cell that a spreadsheet would run as a formula gets an apostrophe in front,
 * phone numbers with their plus sign included.
 */
export function toCsv(
  header: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string {
  return [header, ...rows].map((cells) => cells.map(cellOf).join(',') + '\r\n').join('');
}

const FORMULA = /^[=+\-@\t\r\n]/;

function cellOf(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const clean = value.replaceAll('\0', '');
  const safe = FORMULA.test(clean) ? `'${clean}` : clean;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
