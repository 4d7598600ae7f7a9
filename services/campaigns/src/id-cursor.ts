import { isId } from '@regulars/kernel';

/** Whether a cursor holds one id. */
export function isIdCursor(values: readonly unknown[]): values is readonly [string] {
  return values.length === 1 && typeof values[0] === 'string' && isId(values[0]);
}
