import { badInput } from './problems.js';

/** Where the next page begins: the sort values of the last row, in order. Opaque to callers. */
export type CursorValue = string | number | boolean | null;

export function encodeCursor(values: readonly CursorValue[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/**
 * The values of a cursor that we gave out; 400 `bad-cursor` for anything else. A caller can make one up, so the values
 * are input like any other: pass the check that fits the columns.
 */
export function decodeCursor<T extends readonly CursorValue[]>(
  text: string,
  isValues: (values: readonly CursorValue[]) => values is T,
): T {
  const values = parse(text);
  if (values !== undefined && isValues(values)) return values;
  throw badInput('bad-cursor', 'Use "page.next" of an earlier answer as "after", unchanged.', {
    pointer: '/after',
    in: 'query',
  });
}

function parse(text: string): readonly CursorValue[] | undefined {
  if (text.length > 1_000 || !/^[A-Za-z0-9_-]+$/.test(text)) return undefined;
  try {
    const values: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return Array.isArray(values) && values.every(isCursorValue) ? values : undefined;
  } catch {
    return undefined; // not JSON: not one of ours
  }
}

function isCursorValue(value: unknown): value is CursorValue {
  if (typeof value === 'string') return !value.includes('\0') && value.isWellFormed();
  return value === null || typeof value === 'number' || typeof value === 'boolean';
}
