import { newId, type Day } from '@regulars/kernel';
import { sql, type Transaction } from '@regulars/persistence';

export interface RescoringRow {
  readonly id: string;
  readonly modelVersion: string;
  readonly asOf: Day;
  readonly state: 'running' | 'done' | 'superseded';
  /** Whether the walk waits for a fit. */
  readonly fitPending: boolean;
  /** How often the fit was begun. */
  readonly attempts: number;
  /** Why the last attempt brought none. */
  readonly failure: string | null;
  /** When the fit is begun again unless it comes in before. */
  readonly nextAttemptAt: Date | null;
  readonly lastCustomerId: string | null;
  readonly customers: number;
  readonly changed: number;
  readonly requestedAt: Date;
  readonly finishedAt: Date | null;
}

const columns = sql`
  id, model_version as "modelVersion", as_of_day as "asOf", state,
  fit_pending as "fitPending", attempts, failure, next_attempt_at as "nextAttemptAt",
  last_customer_id as "lastCustomerId", customers, changed, requested_at as "requestedAt",
  finished_at as "finishedAt"`;

export const rescoringsStore = (tx: Pick<Transaction, 'query'>) => ({
  /**
   * A new walk from the first customer; one that is under way ends, since the new one covers it: a fit that the old one
   * still waited for is the new one's to wait for.
   */
  async start(
    modelVersion: string,
    { asOf, fit }: { readonly asOf: Day; readonly fit: boolean },
    now: Date,
  ): Promise<RescoringRow> {
    await tx.query(sql`select pg_advisory_xact_lock(hashtext('prediction-rescorings'))`);
    const ended = await tx.query<{ asOf: Day; fitPending: boolean }>(sql`
      update rescorings set state = 'superseded', finished_at = ${now} where state = 'running'
      returning as_of_day as "asOf", fit_pending as "fitPending"`);
    const handedOn = fit ? undefined : ended.find(({ fitPending }) => fitPending);
    const [row] = await tx.query<RescoringRow>(sql`
      insert into rescorings (id, model_version, as_of_day, state, fit_pending, requested_at)
      values (${newId()}, ${modelVersion}, ${handedOn?.asOf ?? asOf}::date, 'running',
              ${fit || handedOn !== undefined}, ${now})
      returning ${columns}`);
    if (!row) throw new TypeError('The inserted rescoring did not come back.');
    return row;
  },

  async running(): Promise<RescoringRow | undefined> {
    const [row] = await tx.query<RescoringRow>(sql`
      select ${columns} from rescorings where state = 'running' order by id desc limit 1`);
    return row;
  },

  async byId(id: string): Promise<RescoringRow | undefined> {
    const [row] = await tx.query<RescoringRow>(sql`
      select ${columns} from rescorings where id = ${id}`);
    return row;
  },

  async attempted(id: string, attempts: number, nextAttemptAt: Date): Promise<void> {
    await tx.query(sql`
      update rescorings set attempts = ${attempts}, next_attempt_at = ${nextAttemptAt}
      where id = ${id}`);
  },

  async attemptFailed(id: string, failure: string): Promise<void> {
    await tx.query(
      sql`update rescorings set failure = ${failure} where id = ${id} and fit_pending`,
    );
  },

  /** The fit that a walk waited for is in; it carries this version. */
  async fitted(id: string, modelVersion: string): Promise<void> {
    await tx.query(sql`
      update rescorings set fit_pending = false, model_version = ${modelVersion},
        failure = null, next_attempt_at = null
      where id = ${id}`);
  },

  /** False when the walk was superseded meanwhile. */
  async advance(
    id: string,
    step: { lastCustomerId: string; customers: number; changed: number },
  ): Promise<boolean> {
    const rows = await tx.query(sql`
      update rescorings set last_customer_id = ${step.lastCustomerId}::uuid,
        customers = customers + ${step.customers}, changed = changed + ${step.changed}
      where id = ${id} and state = 'running' returning id`);
    return rows.length > 0;
  },

  async finish(id: string, now: Date): Promise<void> {
    await tx.query(sql`
      update rescorings set state = 'done', finished_at = ${now}
      where id = ${id} and state = 'running'`);
  },
});
