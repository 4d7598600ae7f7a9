import { badInput } from './problems.js';

/** Deeper nesting than any of our bodies has. */
const DEEPEST = 32;
/** More fields in one object than any of ours has. */
const MOST_FIELDS = 1_000;

/**
 * What can be told from the bytes of a JSON text before it is parsed: 400 when it is nested too deep or an object has too
 * many fields. Returns the number of fields written, to be compared with the number parsed. Malformed text passes.
 */
export function countFields(bytes: Uint8Array): number {
  const fieldsAt = new Int32Array(DEEPEST + 2);
  let depth = 0;
  let total = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = endOfString(bytes, at);
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      depth += 1;
      if (depth > DEEPEST) throw tooDeep();
      fieldsAt[depth] = 0;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth = Math.max(0, depth - 1);
    } else if (byte === COLON) {
      total += 1;
      fieldsAt[depth] = (fieldsAt[depth] ?? 0) + 1;
      if ((fieldsAt[depth] ?? 0) > MOST_FIELDS) throw tooManyFields();
    }
  }
  return total;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

function endOfString(bytes: Uint8Array, start: number): number {
  for (let at = start + 1; at < bytes.length; at += 1) {
    if (bytes[at] === BACKSLASH) at += 1;
    else if (bytes[at] === QUOTE) return at;
  }
  return bytes.length;
}

function tooDeep(): Error {
  return badInput('too-deep', `Nest JSON at most ${String(DEEPEST)} levels deep.`, { pointer: '' });
}

function tooManyFields(): Error {
  return badInput('too-many-fields', `Send at most ${String(MOST_FIELDS)} fields in one object.`, {
    pointer: '',
  });
}
