export type Direction = 'to-server' | 'to-client';

/** What a line does to what goes over it; nothing of it = a clean line. */
export interface Trouble {
  /** Each piece arrives so much later. */
  readonly delayMs?: number;
  /** Pieces are at most so long. */
  readonly sliceBytes?: number;
  /** The connection ends without a word when so many bytes have passed it, in both directions together. */
  readonly cutAfterBytes?: number;
  /**
   * Nothing gets through, and nobody is told: one direction (half-open) or both (black hole). As on a real line, what was
   * sent meanwhile arrives when the line is mended.
   */
  readonly hold?: readonly Direction[];
  /** This share of the pieces stalls for a time between the two. */
  readonly stall?: { readonly share: number; readonly fromMs: number; readonly toMs: number };
  /** This share of the pieces resets the connection instead of passing. */
  readonly resetShare?: number;
}

export const blackHole: Trouble = { hold: ['to-server', 'to-client'] };
