import type { Day } from '@regulars/kernel';
import { sql, type Transaction } from '@regulars/persistence';
import type { GateReport, GateVerdict } from '@regulars/forecasting';
import type { Model } from './engine.js';
import type { FittedPopulation } from './refit-rule.js';

export interface ModelRow {
  readonly version: string;
  readonly engine: string;
  readonly basis: string;
  readonly fittedAsOf: Day;
  readonly customers: number;
  readonly repeatCustomers: number;
  readonly purchaseDays: number;
  readonly active: boolean;
  /** What the acceptance gate found. */
  readonly gate: GateReport;
  readonly parameters: Model;
  readonly createdAt: Date;
}

export interface NewModel {
  readonly model: Model;
  readonly gate: GateReport;
  readonly asOf: Day;
  /** Of the whole company, of which the fit may have read a sample. */
  readonly customers: number;
  readonly purchaseDays: number;
  readonly now: Date;
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

  /** How the version in force was judged; undefined for the built-in prior. */
  async activeVerdict(): Promise<GateVerdict | undefined> {
    const [row] = await tx.query<{ verdict: GateVerdict }>(sql`
      select gate ->> 'verdict' as verdict from models where active`);
    return row?.verdict;
  },

  /** The population that the newest fit has seen, in force or not, and how many up to it have failed in a row; undefined before the first. */
  async newestFit(): Promise<FittedPopulation | undefined> {
    const [row] = await tx.query<FittedPopulation>(sql`
      select fitted_as_of as "fittedAsOf", customers, purchase_days as "purchaseDays", failures
      from models order by number desc limit 1`);
    return row;
  },

  /** One fit at a time is stored and put in force. */
  async lock(): Promise<void> {
    await tx.query(sql`select pg_advisory_xact_lock(hashtext('prediction-models'))`);
  },

  /** Stores a fit as a candidate, under the lock; the same fit made again is the same row, and the newest again. */
  async save({ model, gate, asOf, customers, purchaseDays, now }: NewModel): Promise<void> {
    await tx.query(sql`
      insert into models (version, engine, basis, parameters, fitted_as_of, customers,
                          repeat_customers, purchase_days, active, gate, created_at, number,
                          failures)
      values (${model.version}, ${model.engine}, ${model.basis}, ${JSON.stringify(model)}::jsonb,
              ${asOf}::date, ${customers}, ${model.repeatCustomers}, ${purchaseDays}, false,
              ${JSON.stringify(gate)}::jsonb, ${now},
              1 + coalesce((select max(number) from models), 0),
              ${gate.verdict === 'fail' ? 1 : 0} * (
                1 + coalesce((select failures from models order by number desc limit 1), 0)))
      on conflict (version) do update
      set gate = excluded.gate, created_at = excluded.created_at, number = excluded.number,
          failures = excluded.failures`);
  },

  /** Puts a stored version in force instead of another one; without one the built-in prior is. */
  async activate(version: string | undefined): Promise<void> {
    await tx.query(sql`
      update models set active = false where active and version is distinct from ${version ?? null}`);
    await tx.query(sql`
      update models set active = true where version = ${version ?? null} and not active`);
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
             gate, parameters, created_at as "createdAt"
      from models where (created_at, version) < (${createdAt}::timestamptz, ${version})
      order by created_at desc, version desc limit ${limit + 1}`);
  },
});
