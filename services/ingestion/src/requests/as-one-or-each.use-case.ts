import { ProblemError } from '@regulars/http';
import { err, ok, type Result } from '@regulars/kernel';
import { classOf } from '@regulars/messaging';
import { sql, type Transaction } from '@regulars/persistence';
import { keyWasTaken } from './unless-taken.use-case.js';

type RecordItems<Item, Outcome> = (items: readonly Item[]) => Promise<readonly Outcome[]>;

/** How the items of a batch are recorded in its transaction: an error is of the item that stands there, or thrown for all. */
export type Isolation = <Item, Outcome>(
  items: readonly Item[],
  record: RecordItems<Item, Outcome>,
  tx: Transaction,
) => Promise<Result<Outcome, unknown>[]>;

/**
 * Runs a batch as one: its last statements go with the commit. Where it fails for a reason nobody foresaw it is run again, and
 * then each item that fails is answered alone.
 */
export async function asOneOrEach<T>(run: (isolation: Isolation) => Promise<T>): Promise<T> {
  try {
    return await run(asOne);
  } catch (error) {
    if (!isOfAnItem(error)) throw error;
    return run(isolate);
  }
}

const asOne: Isolation = async (items, record) => (await record(items)).map(ok);

/**
 * Records items together so that one which fails for a reason nobody foresaw is answered alone: what they did together
 * is undone and the halves go on by themselves. A database that is away or busy fails all of them.
 */
async function isolate<Item, Outcome>(
  items: readonly Item[],
  record: RecordItems<Item, Outcome>,
  tx: Transaction,
): Promise<Result<Outcome, unknown>[]> {
  if (items.length === 0) return [];
  tx.send(sql`savepoint isolate`);
  try {
    const outcomes = await record(items);
    await tx.flush();
    return outcomes.map(ok);
  } catch (error) {
    if (!isOfAnItem(error)) throw error;
    tx.send(sql`rollback to savepoint isolate`);
    if (items.length === 1) return [err(error)];
    const half = Math.ceil(items.length / 2);
    return [
      ...(await isolate(items.slice(0, half), record, tx)),
      ...(await isolate(items.slice(half), record, tx)),
    ];
  }
}

/** A ProblemError says by itself what the caller shall do about all of it ("try again"); who was late with a key tries all again. */
function isOfAnItem(error: unknown): boolean {
  return classOf(error) === 'poison' && !(error instanceof ProblemError) && !keyWasTaken(error);
}
