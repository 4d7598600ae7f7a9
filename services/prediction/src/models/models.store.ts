import type { Day } from '@regulars/kernel';
import { sql, type Transaction } from '@regulars/persistence';
import type { Model } from './engine.js';

export interface ModelRow {
  readonly version: string;
  readonly engine: string;
  readonly basis: string;
  readonly fittedAsOf: Day;
  readonly customers: number;
  readonly repeatCustomers: number;
  readonly purchaseDays: number;
  readonly active: boolean;
  readonly createdAt: Date;
}

export const modelsStore = (tx: Pick<Transaction, 'query'>) => ({
  /** The version in force; undefined = the built-in prior. */
  async activeVersion(): Promise<string | undefined> {
    const [row] = await tx.query<{ version: string }>(sql`select version from models where active`);
    return row?.version;
  },

  async parametersOf(version: string): Promise<{ engine?: unknown } | undefined> {
    const [row] = await tx.query<{ parameters: { engine?: unknown } }>(sql`
      select parameters from models where version = ${version}`);
    return row?.parameters;
  },

  /** The population that the model in force has seen; undefined = the built-in prior, which has seen nobody. */
  async activeFit(): Promise<
    Pick<ModelRow, 'fittedAsOf' | 'customers' | 'purchaseDays'> | undefined
  > {
    const [row] = await tx.query<ModelRow>(sql`
      select fitted_as_of as "fittedAsOf", customers, purchase_days as "purchaseDays"
      from models where active`);
    return row;
  },

  /** Makes a fit the one in force; the same fit made again is the same row. One activation at a time. */
  async activate(model: Model, asOf: Day, purchaseDays: number, now: Date): Promise<void> {
    await tx.query(sql`select pg_advisory_xact_lock(hashtext('prediction-models'))`);
    await tx.query(sql`
      update models set active = false where active and version <> ${model.version}`);
    await tx.query(sql`
      insert into models (version, engine, basis, parameters, fitted_as_of, customers,
                          repeat_customers, purchase_days, active, created_at)
      values (${model.version}, ${model.engine}, ${model.basis}, ${JSON.stringify(model)}::jsonb,
              ${asOf}::date, ${model.customers}, ${model.repeatCustomers}, ${purchaseDays}, true, ${now})
      on conflict (version) do update set active = true`);
  },

  /** Newest first. One row more than the limit tells that there are more. */
  async page(
    after: readonly [createdAt: string, version: string] | undefined,
    limit: number,
  ): Promise<ModelRow[]> {
    const [createdAt, version] = after ?? ['infinity', ''];
    return tx.query<ModelRow>(sql`
      select version, engine, basis, fitted_as_of as "fittedAsOf", customers,
             repeat_customers as "repeatCustomers", purchase_days as "purchaseDays", active,
             created_at as "createdAt"
      from models where (created_at, version) < (${createdAt}::timestamptz, ${version})
      order by created_at desc, version desc limit ${limit + 1}`);
  },
});
