import { hash } from 'node:crypto';

/**
 * Order ids for rows that have none: the hash of the row and the how-manieth of its kind it is in this file. The
 * same file gives the same ids, so importing it again changes nothing; equal rows are purchases of their own.
 */
export class RowKeys {
  /** Keyed by 52 bits of the hash, a number costs far less than its text: about 40 bytes per different row. */
  private readonly seen = new Map<number, number>();

  /** `row:<hash>:<n>`, within the API's pattern of order ids. */
  next(fields: readonly string[]): string {
    const digest = hash('sha256', JSON.stringify(fields), 'buffer');
    const short = digest.readUIntBE(0, 6) * 16 + ((digest[6] ?? 0) & 15);
    const n = (this.seen.get(short) ?? 0) + 1;
    this.seen.set(short, n);
    return `row:${digest.toString('base64url').slice(0, 27)}:${String(n)}`;
  }
}
