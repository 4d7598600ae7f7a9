import { ProblemError } from '@regulars/http';
import { err, ok, type Result } from '@regulars/kernel';
import { classOf } from '@regulars/messaging';
import { sql, type Transaction } from '@regulars/persistence';

/**
 * Records items together so that one which fails for a reason nobody foresaw is answered alone: what they did together
 * is undone and the halves go on by themselves. A database that is away or busy fails all of them.
 */
export async function isolate<Item, Outcome>(
  items: readonly Item[],
  record: (items: readonly Item[], tx: Transaction) => Promise<readonly Outcome[]>,
  tx: Transaction,
): Promise<Result<Outcome, unknown>[]> {
  if (items.length === 0) return [];
  tx.send(sql`savepoint isolate`);
  try {
    const outcomes = await record(items, tx);
    await tx.flush();
    return outcomes.map(ok);
  } catch (error) {
    // A ProblemError says by itself what the caller shall do about all of it ("try again").
    if (classOf(error) !== 'poison' || error instanceof ProblemError) throw error;
    tx.send(sql`rollback to savepoint isolate`);
    if (items.length === 1) return [err(error)];
    const half = Math.ceil(items.length / 2);
    return [
      ...(await isolate(items.slice(0, half), record, tx)),
      ...(await isolate(items.slice(half), record, tx)),
    ];
  }
}
