import { countFields } from './json-limits.js';
import { checkText } from './text-check.js';
import { badInput } from './problems.js';

/**
 * A JSON body, or undefined for an empty one. 400 for everything that would only fail or mislead later: bytes that are not
 * UTF-8, NUL and lone surrogates (Postgres refuses both), names that reach a prototype, numbers that do not survive a
 * double, one name twice in an object, nesting without end.
 */
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  const written = countFields(bytes);
  const body = parse(decode(bytes));
  const walk = { fields: 0 };
  check(body, '', walk);
  if (walk.fields !== written) {
    throw badInput('repeated-field', 'Send each field of an object once.', { pointer: '' });
  }
  return body;
}

function decode(bytes: Buffer): string {
  try {
    // A byte order mark is kept, and refused by the parser.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw badInput('not-utf-8', 'Send the body in UTF-8.', { pointer: '' });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the body, which may hold personal data.
    throw badInput('malformed-json', 'The body is not JSON. Send it as the API describes.', {
      pointer: '',
    });
  }
}

function check(value: unknown, pointer: string, walk: { fields: number }): void {
  if (typeof value === 'string') {
    checkText(value, { pointer });
  } else if (typeof value === 'number') {
    checkNumber(value, pointer);
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => {
      check(item, `${pointer}/${String(index)}`, walk);
    });
  } else if (typeof value === 'object' && value !== null) {
    checkFields(value, pointer, walk);
  }
}

function checkFields(value: object, pointer: string, walk: { fields: number }): void {
  for (const [name, field] of Object.entries(value) as [string, unknown][]) {
    const at = `${pointer}/${escapePointer(name)}`;
    walk.fields += 1;
    checkText(name, { pointer: at });
    if (name === '__proto__' || (name === 'constructor' && hasPrototype(field))) {
      throw badInput('forbidden-field', 'This name is not allowed in a body.', { pointer: at });
    }
    check(field, at, walk);
  }
}

function hasPrototype(field: unknown): boolean {
  return typeof field === 'object' && field !== null && Object.hasOwn(field, 'prototype');
}

function checkNumber(value: number, pointer: string): void {
  const exact = Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
  if (exact) return;
  throw badInput('number-out-of-range', 'Numbers must lie within ±9007199254740991.', { pointer });
}

/** RFC 6901: `~` and `/` inside a name. */
export function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
