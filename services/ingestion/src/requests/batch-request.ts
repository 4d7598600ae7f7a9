/**
 * A batch: `{ "items": [...] }`, at most {@link maxBatchItems} items and {@link maxBatchBytes}. The answer has one
 * entry per item in the same order; one bad item never fails the others.
 */
export const maxBatchItems = 1_000;
export const maxBatchBytes = 5 * 1024 * 1024;

export type BatchStatus = 'created' | 'updated' | 'unchanged' | 'rejected';

export interface BatchAnswer<Entry = BatchEntry> {
  readonly items: readonly Entry[];
}

/** `updated` comes from customers and products only: a purchase is corrected by its own call. */
export interface BatchEntry {
  readonly index: number;
  readonly status: BatchStatus;
  readonly id?: string;
  readonly notices?: readonly Notice[];
  readonly problem?: object;
}

/** Accepted, but somebody should look: `identity-conflict` at the field that points to somebody else. */
export interface Notice {
  readonly code: 'identity-conflict';
  readonly pointer: string;
}
