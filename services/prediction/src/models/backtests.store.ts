import type { BacktestReport } from '@regulars/forecasting';
import { newId, type Day } from '@regulars/kernel';
import { sql, type Transaction } from '@regulars/persistence';
import type { Progress } from './backtest-progress.js';

export interface BacktestRow {
  readonly id: string;
  readonly asOf: Day;
  readonly state: 'running' | 'done' | 'failed';
  readonly done: number;
  readonly of: number;
  readonly report: BacktestReport | null;
  readonly failure: string | null;
  readonly requestedAt: Date;
  readonly finishedAt: Date | null;
}

const columns = sql`
  id, as_of_day as "asOf", state, done, "of", report, failure, requested_at as "requestedAt",
  finished_at as "finishedAt"`;

export const backtestsStore = (tx: Pick<Transaction, 'query'>) => ({
  async start(asOf: Day, now: Date): Promise<BacktestRow> {
    const [row] = await tx.query<BacktestRow>(sql`
      insert into backtests (id, as_of_day, state, requested_at)
      values (${newId()}, ${asOf}::date, 'running', ${now}) returning ${columns}`);
    if (!row) throw new TypeError('The inserted backtest did not come back.');
    return row;
  },

  async byId(id: string): Promise<BacktestRow | undefined> {
    const [row] = await tx.query<BacktestRow>(sql`
      select ${columns} from backtests where id = ${id}`);
    return row;
  },

  /** The newest that is done: the standing one. */
  async standing(): Promise<BacktestRow | undefined> {
    const [row] = await tx.query<BacktestRow>(sql`
      select ${columns} from backtests where state = 'done' order by id desc limit 1`);
    return row;
  },

  async progressed(id: string, { done, of }: Progress): Promise<void> {
    await tx.query(sql`update backtests set done = ${done}, "of" = ${of} where id = ${id}`);
  },

  async finish(
    id: string,
    result: { readonly report: BacktestReport } | { readonly failure: string },
    now: Date,
  ): Promise<void> {
    const report = 'report' in result ? JSON.stringify(result.report) : null;
    const failure = 'failure' in result ? result.failure : null;
    await tx.query(sql`
      update backtests set state = ${failure === null ? 'done' : 'failed'}, report = ${report}::jsonb,
        failure = ${failure}, finished_at = ${now}
      where id = ${id} and state = 'running'`);
  },
});
