import { sql, type Database } from '@regulars/persistence';

/** Dead rows that a look wades through unnoticed. */
const WORTH_MOVING = 1_000;

/** A number that was drawn, and whoever could still commit a row below it. */
interface Candidate {
  readonly upTo: number;
  readonly writers: readonly string[];
}

/**
 * Below this sequence the outbox is empty for good. Rows that were sent stay behind as dead ones for as long as anybody's
 * snapshot is older, and a report or a backup of some minutes keeps them all: each look at the unsent rows would wade
 * through them.
 *
 * The order is what makes it safe: first the last number drawn, then who holds the lock that every writer of the table
 * takes **before** he draws, and only when all of those have ended (a commit is visible before its locks go) a look at
 * what is left below. Strangers who write elsewhere for minutes hold nothing up. It belongs to a term of leadership: a
 * crash or a failover may set the sequence back, and ends the term.
 */
export class PassedMark {
  private mark = 0;
  private sent = 0;
  private candidate: Candidate | undefined;

  constructor(private readonly database: Database) {}

  get value(): number {
    return this.mark;
  }

  /** Takes note of rows that became dead, and moves when it is worth it. */
  async sentMore(rows: number): Promise<void> {
    this.sent += rows;
    if (this.sent < WORTH_MOVING) return;
    this.candidate ??= await this.nextCandidate();
    const { upTo, writers } = this.candidate;
    if (writers.length > 0) {
      const running = new Set(await this.writers());
      if (writers.some((writer) => running.has(writer))) return;
    }
    this.mark = await this.emptyUpTo(upTo);
    this.candidate = undefined;
    this.sent = 0;
  }

  private async nextCandidate(): Promise<Candidate> {
    const [drawn] = await this.database.query<{ last: number }>(sql`
      select case when is_called then last_value else 0 end as last from outbox_sequence_seq`);
    return { upTo: drawn?.last ?? 0, writers: await this.writers() };
  }

  /** Transactions that may have drawn a number. */
  private async writers(): Promise<string[]> {
    const rows = await this.database.query<{ writer: string }>(sql`
      select virtualtransaction as writer from pg_locks
      where locktype = 'relation' and mode = 'RowExclusiveLock' and granted
        and database = (select oid from pg_database where datname = current_database())
        and relation = 'outbox'::regclass`);
    return rows.map(({ writer }) => writer);
  }

  private async emptyUpTo(sequence: number): Promise<number> {
    const [left] = await this.database.query<{ first: number | null }>(sql`
      select min(sequence) as first from outbox
      where sequence > ${this.mark} and sequence <= ${sequence}`);
    return left?.first == null ? sequence : left.first - 1;
  }
}
