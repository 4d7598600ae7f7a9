import { sql, type Sql } from './sql.js';
import { renewOldPlans, rowsOfAll, type PgClient } from './statements.js';

interface Waiting {
  readonly statement: Sql;
  readonly resolve?: (rows: object[]) => void;
  readonly reject?: (error: unknown) => void;
}

/**
 * Statements of one transaction, in order, with as few ways to Postgres and back as can be: each of them waits for the event
 * loop of a busy process and wakes a sleeping one. `begin` goes with the first statement, what was sent without waiting
 * with the next, `commit` with the last.
 */
export class OpenTransaction {
  private waiting: Waiting[] = [];
  private begun = false;
  private ended = false;
  /** One batch after the other, also when one is asked for while another is under way. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly client: PgClient) {}

  query<Row extends object>(statement: Sql): Promise<Row[]> {
    this.mustBeOpen();
    return new Promise<Row[]>((resolve, reject) => {
      this.waiting.push({ statement, resolve: resolve as (rows: object[]) => void, reject });
      // Its own promise tells the failure. The second one of the same moment finds nothing left to run.
      queueMicrotask(() => void this.run().catch(() => undefined));
    });
  }

  send(statement: Sql): void {
    this.mustBeOpen();
    this.waiting.push({ statement });
  }

  flush(): Promise<void> {
    return this.run();
  }

  async commit(): Promise<void> {
    if (this.begun || this.waiting.length > 0) this.send(sql`commit`);
    this.ended = true;
    await this.run();
  }

  async rollBack(): Promise<void> {
    this.ended = true;
    await this.last;
    if (this.begun) await this.client.query({ text: 'rollback' });
  }

  /** What runs after the end would be its own transaction, or somebody else's. */
  private mustBeOpen(): void {
    if (this.ended) throw new Error('The transaction has ended.');
  }

  private async run(): Promise<void> {
    const batch = this.waiting;
    if (batch.length === 0) return;
    this.waiting = [];
    const statements = batch.map(({ statement }) => statement);
    const begins = !this.begun;
    if (begins) statements.unshift(sql`begin`);
    this.begun = true;
    const ran = this.last.then(async () => {
      if (begins) await renewOldPlans(this.client);
      return rowsOfAll(this.client, statements);
    });
    this.last = ran.catch(() => undefined);
    try {
      const all = (await ran).slice(-batch.length);
      batch.forEach(({ resolve }, index) => resolve?.(all[index] ?? []));
    } catch (error) {
      for (const { reject } of batch) reject?.(error);
      throw error;
    }
  }
}
