import type { OrderLine } from '@regulars/contracts';
import { err, ok, type Result } from '@regulars/kernel';
import { impossibleAt, type Refusal } from '../requests/refusal.js';
import type { Purchase } from './purchase.js';

/** Money that goes back. Without `lines` it is spread over all of them, without `amountMinor` it is the lines' sum, else all that is left. */
export interface Refund {
  readonly amountMinor?: number;
  readonly currency?: string;
  readonly lines?: readonly { readonly productId: string; readonly amountMinor: number }[];
}

/** The purchase after the refund. */
export function applyRefund(purchase: Purchase, refund: Refund): Result<Purchase, Refusal> {
  if (refund.currency !== undefined && refund.currency !== purchase.currency) {
    return err(
      impossibleAt(
        'currency-differs',
        '/amount/currency',
        `The purchase was paid in ${purchase.currency}; refund it in ${purchase.currency}.`,
      ),
    );
  }
  const ofLines = refund.lines?.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const amount = refund.amountMinor ?? ofLines ?? purchase.totalMinor;
  if (amount <= 0 || amount > purchase.totalMinor) {
    return err(
      impossibleAt(
        'refund-exceeds-purchase',
        '/amount',
        purchase.totalMinor === 0
          ? 'Nothing is left of this purchase that could be refunded.'
          : `Between 1 and ${String(purchase.totalMinor)} minor units can be refunded of this purchase.`,
      ),
    );
  }
  if (!isExplained(purchase, amount, ofLines ?? amount)) {
    return err(
      impossibleAt(
        'refund-lines-differ',
        '/amount',
        'The amount and its lines do not agree. Send the sum of the lines, or leave the amount out.',
      ),
    );
  }
  const left = purchase.totalMinor - amount;
  const lines = refund.lines
    ? takeFromLines(purchase.lines, refund.lines)
    : ok(spread(purchase.lines, left, purchase.totalMinor));
  if (!lines.ok) return lines;
  return ok({
    ...purchase,
    revision: purchase.revision + 1,
    totalMinor: left,
    refundedMinor: purchase.refundedMinor + amount,
    lines: lines.value,
  });
}

/** What the lines of the refund leave of its amount must be money that no line of the purchase explains: postage, a discount. */
function isExplained({ totalMinor, lines }: Purchase, amount: number, ofLines: number): boolean {
  const besideLines = totalMinor - lines.reduce((sum, line) => sum + line.amountMinor, 0);
  const asked = amount - ofLines;
  return asked >= Math.min(0, besideLines) && asked <= Math.max(0, besideLines);
}

function takeFromLines(
  lines: readonly OrderLine[],
  taken: NonNullable<Refund['lines']>,
): Result<readonly OrderLine[], Refusal> {
  const after = [...lines];
  for (const [index, { productId, amountMinor }] of taken.entries()) {
    let rest = amountMinor;
    after.forEach((line, at) => {
      if (line.productId !== productId) return;
      const part = Math.min(rest, line.amountMinor);
      rest -= part;
      after[at] = { ...line, amountMinor: line.amountMinor - part };
    });
    if (rest === 0) continue;
    const known = lines.some((line) => line.productId === productId);
    return err(
      known
        ? impossibleAt(
            'refund-exceeds-purchase',
            `/lines/${String(index)}/amountMinor`,
            'More than is left of this product in the purchase.',
          )
        : impossibleAt(
            'product-not-in-purchase',
            `/lines/${String(index)}/productId`,
            'The purchase has no line with this product.',
          ),
    );
  }
  return ok(after);
}

/**
 * Each line keeps its share of what is left; minor units that do not divide go to the lines that lost most by
 * rounding, so that lines which summed up to the total still do.
 */
function spread(lines: readonly OrderLine[], left: number, before: number): readonly OrderLine[] {
  const shares = lines.map(({ amountMinor }) => {
    const exact = BigInt(amountMinor) * BigInt(left);
    return { floor: exact / BigInt(before), rest: exact % BigInt(before) };
  });
  const lost = shares.reduce((sum, { rest }) => sum + rest, 0n) / BigInt(before);
  const order = shares
    .map(({ rest }, index) => ({ rest, index }))
    .sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1));
  const raised = new Set(order.slice(0, Number(lost)).map(({ index }) => index));
  return lines.map((line, index) => ({
    ...line,
    amountMinor: Number(shares[index]?.floor ?? 0n) + (raised.has(index) ? 1 : 0),
  }));
}
