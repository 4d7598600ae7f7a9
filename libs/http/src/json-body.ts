import { isUtf8 } from 'node:buffer';
import { countFields } from './json-limits.js';
import { checkText, isStorable } from './text-check.js';
import { ProblemError } from './problem-error.js';
import { badInput } from './problems.js';

/**
 * A JSON body, or undefined for an empty one. 400 for everything that would only fail or mislead later: bytes that are not
 * UTF-8, NUL and lone surrogates (Postgres refuses both), names that reach a prototype, numbers that do not survive a
 * double, one name twice in an object, nesting without end.
 */
export function parseJsonBody(bytes: Buffer): unknown {
  const { body, doubtful } = parseOnce(bytes);
  if (doubtful) check(body);
  return body;
}

/** The same for `{ "items": [...] }`, where an item that holds such a value stands in the list as {@link UnreadableItem}. */
export function parseBatchBody(bytes: Buffer): unknown {
  const { body, doubtful } = parseOnce(bytes);
  if (!doubtful) return body;
  const items = itemsOf(body);
  if (items === undefined) {
    check(body);
    return body;
  }
  check({ ...(body as object), items: [] });
  return { ...(body as object), items: items.map(readable) };
}

/** An item of a batch with a value that no body may hold; its pointers are relative to the item. */
export class UnreadableItem {
  constructor(readonly problem: ProblemError) {}
}

function itemsOf(body: unknown): readonly unknown[] | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { items } = body as { items?: unknown };
  return Array.isArray(items) ? items : undefined;
}

function readable(item: unknown): unknown {
  try {
    check(item);
    return item;
  } catch (error) {
    if (error instanceof ProblemError) return new UnreadableItem(error);
    throw error;
  }
}

/** What the bytes say, each field once; `doubtful`: there may be something in it that {@link check} refuses. */
function parseOnce(bytes: Buffer): { readonly body: unknown; readonly doubtful: boolean } {
  if (bytes.length === 0) return { body: undefined, doubtful: false };
  const written = countFields(bytes);
  const text = decode(bytes);
  const body = parse(text);
  const found = { fields: 0, exact: true };
  survey(body, found);
  if (found.fields !== written) {
    throw badInput('repeated-field', 'Send each field of an object once.', { pointer: '' });
  }
  return { body, doubtful: !found.exact || DOUBTFUL.test(text) };
}

/**
 * What text is refused for comes by an escape, since UTF-8 holds no lone surrogate and JSON no bare NUL; and so does, unless
 * it is written out, a name that reaches a prototype. Nearly every body is spared a closer look.
 */
const DOUBTFUL = /\\u|__proto__|constructor/;

/** One walk for all that is asked of each body: how many fields it has, and whether its numbers survived. */
function survey(value: unknown, found: { fields: number; exact: boolean }): void {
  if (typeof value === 'number') {
    found.exact &&= isExact(value);
  } else if (Array.isArray(value)) {
    for (const item of value) survey(item, found);
  } else if (typeof value === 'object' && value !== null) {
    const fields: unknown[] = Object.values(value);
    found.fields += fields.length;
    for (const field of fields) survey(field, found);
  }
}

function decode(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw badInput('not-utf-8', 'Send the body in UTF-8.', { pointer: '' });
  // A byte order mark is kept, and refused by the parser.
  return bytes.toString('utf8');
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

/** `path` leads to the value; it is put into words only where something is wrong. */
function check(value: unknown, path: (string | number)[] = []): void {
  if (typeof value === 'string') {
    if (!isStorable(value)) checkText(value, { pointer: pointerOf(path) });
  } else if (typeof value === 'number') {
    checkNumber(value, path);
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => {
      path.push(index);
      check(item, path);
      path.pop();
    });
  } else if (typeof value === 'object' && value !== null) {
    checkFields(value, path);
  }
}

function checkFields(value: object, path: (string | number)[]): void {
  for (const [name, field] of Object.entries(value) as [string, unknown][]) {
    path.push(name);
    if (!isStorable(name)) checkText(name, { pointer: pointerOf(path) });
    if (name === '__proto__' || (name === 'constructor' && hasPrototype(field))) {
      const pointer = pointerOf(path);
      throw badInput('forbidden-field', 'This name is not allowed in a body.', { pointer });
    }
    check(field, path);
    path.pop();
  }
}

function hasPrototype(field: unknown): boolean {
  return typeof field === 'object' && field !== null && Object.hasOwn(field, 'prototype');
}

function checkNumber(value: number, path: readonly (string | number)[]): void {
  if (isExact(value)) return;
  throw badInput('number-out-of-range', 'Numbers must lie within ±9007199254740991.', {
    pointer: pointerOf(path),
  });
}

function isExact(value: number): boolean {
  return Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
}

function pointerOf(path: readonly (string | number)[]): string {
  return path.map((name) => `/${escapePointer(String(name))}`).join('');
}

/** RFC 6901: `~` and `/` inside a name. */
export function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
