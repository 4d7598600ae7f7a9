import type { Cause } from '@regulars/contracts';
import { err, ok, type Result } from '@regulars/kernel';
import type { Transaction } from '@regulars/persistence';
import { productStore } from '../products/product.store.js';
import { CorrectionRequest } from '../requests/purchase-request.js';
import { shapeReader } from '../requests/read-shape.js';
import { Impossibilities, type Refusal } from '../requests/refusal.js';
import { lockPurchase, savePurchase } from './change-purchase.use-case.js';
import { applyCorrection, type Correction } from './correction.js';
import { productsWithoutCategory, withCategory } from './line-category.js';
import type { Purchase } from './purchase.js';
import { purchaseTimeOf, type PurchaseTime } from './purchase-time.js';
import { judgeMoney } from './read-money.js';
import { judgeLines, oneTime } from './read-purchase.js';

const readShape = shapeReader(CorrectionRequest);

/** Puts a purchase right. Saying what is so already changes nothing, so a retry is harmless. */
export async function correctPurchase(
  id: string,
  body: unknown,
  cause: Cause | undefined,
  tx: Transaction,
): Promise<Result<Purchase, Refusal>> {
  const shape = readShape(body);
  if (!shape.ok) return shape;
  const locked = await lockPurchase(id, tx);
  if (!locked.ok) return locked;
  const correction = await correctionOf(shape.value, locked.value, tx);
  if (!correction.ok) return correction;
  const corrected = applyCorrection(locked.value, correction.value);
  if (!corrected.ok || corrected.value === locked.value) return corrected;
  const change = { type: 'PurchaseCorrected', occurredAt: tx.clock.now(), cause } as const;
  await savePurchase(corrected.value, change, tx);
  return corrected;
}

/** Takes a purchase back that never was. The row stays, so that its key cannot be used again for another. */
export async function removePurchase(
  id: string,
  cause: Cause | undefined,
  tx: Transaction,
): Promise<Result<Purchase, Refusal>> {
  const locked = await lockPurchase(id, tx);
  if (!locked.ok) return locked;
  const removed = { ...locked.value, revision: locked.value.revision + 1, removed: true };
  const change = { type: 'PurchaseRemoved', occurredAt: tx.clock.now(), cause } as const;
  await savePurchase(removed, change, tx);
  return ok(removed);
}

async function correctionOf(
  request: CorrectionRequest,
  purchase: Purchase,
  tx: Transaction,
): Promise<Result<Correction, Refusal>> {
  const problems = new Impossibilities();
  const time = correctedTime(request, purchase, tx.clock.now(), problems);
  if (!time.ok) return time;
  if (request.total) judgeMoney(request.total, '/total', problems);
  judgeLines(request.lines ?? [], problems);
  if (problems.refusal) return err(problems.refusal);
  const lines = request.lines ?? [];
  const categories = await productStore(tx).categories(productsWithoutCategory([{ lines }]));
  return ok({
    ...(time.value && { time: time.value }),
    ...(request.total && { total: request.total }),
    ...(request.lines && { lines: lines.map((line) => withCategory(line, categories)) }),
  });
}

function correctedTime(
  request: CorrectionRequest,
  purchase: Purchase,
  now: Date,
  problems: Impossibilities,
): Result<PurchaseTime | undefined, Refusal> {
  const { purchasedAt, purchaseDay, timeZone } = request;
  if (purchasedAt === undefined && purchaseDay === undefined && timeZone === undefined) {
    return ok(undefined);
  }
  const ambiguous = oneTime(request);
  if (ambiguous) return err(ambiguous);
  return ok(purchaseTimeOf(request, { zone: purchase.timeZone, now }, problems));
}
