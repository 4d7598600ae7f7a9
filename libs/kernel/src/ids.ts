import { randomFillSync } from 'node:crypto';

/** Ids are UUIDv7: they sort by time of making, which keeps indexes local. */
export type CustomerId = string;
export type PurchaseId = string;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A fresh UUIDv7; ids made by one process rise strictly. */
export function newId(): string {
  const now = Date.now();
  if (now > made.ms) {
    begin(now);
    made.count = Number.parseInt(randomDigits(6), 16);
  } else if (made.count < MOST) {
    made.count += 1;
  } else {
    // More in a millisecond than the counter holds: the next one is begun.
    begin(made.ms + 1);
    made.count = 0;
  }
  const high = (made.count >>> 14).toString(16).padStart(3, '0');
  const low = (0x8000 | (made.count & 0x3fff)).toString(16);
  return `${made.prefix}${high}-${low}-${randomDigits(12)}`;
}

/** Whether the text has the shape of our ids (lower-case UUID). */
export function isId(text: string): boolean {
  return UUID.test(text);
}

/** The millisecond of the last id, how its ids begin, and a count of 26 bits in it that begins anywhere in its lower quarter. */
const made = { ms: 0, prefix: '', count: 0 };
const MOST = 2 ** 26 - 1;

function begin(ms: number): void {
  const time = ms.toString(16).padStart(12, '0');
  made.ms = ms;
  made.prefix = `${time.slice(0, 8)}-${time.slice(8)}-7`;
}

/** Randomness is fetched for hundreds of ids at once: one call of the system for each was half of what an id cost. */
const bytes = Buffer.alloc(4_096);
const pool = { digits: '', taken: 0 };

/** So many random hexadecimal digits; not for secrets that outlive a request. */
export function randomDigits(digits: number): string {
  if (pool.taken + digits > pool.digits.length) {
    pool.digits = randomFillSync(bytes).toString('hex');
    pool.taken = 0;
  }
  pool.taken += digits;
  return pool.digits.slice(pool.taken - digits, pool.taken);
}
