import { newId, type Day } from '@regulars/kernel';
import { sql, type Transaction } from '@regulars/persistence';

export interface RescoringRow {
  readonly id: string;
  readonly modelVersion: string;
  readonly asOf: Day;
  readonly state: 'running' | 'done' | 'superseded';
  readonly lastCustomerId: string | null;
  readonly customers: number;
  readonly changed: number;
  readonly requestedAt: Date;
  readonly finishedAt: Date | null;
}

const columns = sql`
  id, model_version as "modelVersion", as_of_day as "asOf", state,
  last_customer_id as "lastCustomerId", customers, changed, requested_at as "requestedAt",
  finished_at as "finishedAt"`;

export const rescoringsStore = (tx: Pick<Transaction, 'query'>) => ({
  /** A new walk from the first customer; one that is under way ends, since the new one covers it. */
  async start(modelVersion: string, asOf: Day, now: Date): Promise<RescoringRow> {
    await tx.query(sql`select pg_advisory_xact_lock(hashtext('prediction-rescorings'))`);
    await tx.query(sql`
      update rescorings set state = 'superseded', finished_at = ${now} where state = 'running'`);
    const [row] = await tx.query<RescoringRow>(sql`
      insert into rescorings (id, model_version, as_of_day, state, requested_at)
      values (${newId()}, ${modelVersion}, ${asOf}::date, 'running', ${now})
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
