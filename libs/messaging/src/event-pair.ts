import type { OutgoingRecord } from './event-log.js';

/** (`epoch`, `sequence`) as it stands in the headers. */
export interface Pair {
  readonly epoch: bigint;
  readonly sequence: bigint;
}

/** What orders the records of a key; undefined for a record that is no event of ours. */
export function pairOf({ headers }: Pick<OutgoingRecord, 'headers'>): Pair | undefined {
  const epoch = wholeNumber(headers['epoch']);
  const sequence = wholeNumber(headers['sequence']);
  return epoch === undefined || sequence === undefined ? undefined : { epoch, sequence };
}

export function isNewer(pair: Pair | undefined, held: Pair | undefined): boolean {
  if (!pair || !held) return true;
  return pair.epoch === held.epoch ? pair.sequence > held.sequence : pair.epoch > held.epoch;
}

function wholeNumber(header: Uint8Array | undefined): bigint | undefined {
  if (header === undefined) return undefined;
  const text = Buffer.from(header.buffer, header.byteOffset, header.byteLength).toString('latin1');
  return /^\d{1,18}$/.test(text) ? BigInt(text) : undefined;
}
