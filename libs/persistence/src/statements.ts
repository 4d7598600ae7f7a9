import type { Submittable } from 'pg';
import type { Sql } from './sql.js';
import { StatementTrain, type PreparedStatement } from './statement-train.js';

/** What we use of a connection of `pg`. */
export interface PgClient {
  query(config: {
    name?: string;
    text: string;
    values?: readonly unknown[];
  }): Promise<{ rows: object[] }>;
  query(submittable: Submittable): unknown;
}

/** The rows of one statement outside of any transaction. */
export async function rows<Row extends object>(client: PgClient, statement: Sql): Promise<Row[]> {
  await renewOldPlans(client);
  const [first = []] = await rowsOfAll(client, [statement]);
  return first as Row[];
}

/**
 * The rows of each statement, run in order. Together they cost one way to Postgres and back, once each of them was run by
 * itself on this connection. What follows a statement that fails is not run.
 */
export async function rowsOfAll(
  client: PgClient,
  statements: readonly Sql[],
): Promise<readonly object[][]> {
  plansOf(client).statements += statements.length;
  const prepared = statements.map(({ text, values }) => ({ name: nameOf(text), text, values }));
  const known = knownOf(client);
  if (prepared.length > 1 && prepared.every(({ name }) => known.has(name)))
    return rideTogether(client, prepared);
  const all: object[][] = [];
  for (const statement of prepared) {
    all.push((await client.query(statement)).rows);
    known.add(statement.name);
  }
  return all;
}

async function rideTogether(
  client: PgClient,
  statements: readonly PreparedStatement[],
): Promise<readonly object[][]> {
  const train = new StatementTrain(statements);
  client.query(train);
  return train.arrived;
}

const knownNames = new WeakMap<PgClient, Set<string>>();

/** Names that the connection knows for certain: whoever fails may not have got as far as to be given one. */
function knownOf(client: PgClient): Set<string> {
  const known = knownNames.get(client) ?? new Set();
  knownNames.set(client, known);
  return known;
}

const names = new Map<string, string>();

/**
 * A statement goes by the name of its text, so that Postgres parses and plans it once per connection: a third of its work
 * on small ones. Columns are always listed (a plan whose `*` has grown would fail after a migration).
 */
function nameOf(text: string): string {
  let name = names.get(text);
  if (name === undefined) {
    name = `s${String(names.size)}`;
    names.set(text, name);
  }
  return name;
}

interface Plans {
  statements: number;
  renewAt: number;
}

const FIRST_RENEWAL = 64;
const plans = new WeakMap<PgClient, Plans>();

/**
 * A statement keeps the plan that was right when its tables were small, and Postgres makes another only after it has
 * analysed them: until then each call reads a table of by now a million rows from end to end. What tables grow by is the
 * work that was done, so plans are made anew each time a connection has run twice as many statements as at the last time.
 * To be asked between transactions: one in which a statement has failed runs nothing but what undoes it.
 */
export async function renewOldPlans(client: PgClient): Promise<void> {
  const own = plansOf(client);
  if (own.statements < own.renewAt) return;
  own.renewAt *= 2;
  await client.query({ text: 'discard plans' });
}

function plansOf(client: PgClient): Plans {
  const own = plans.get(client) ?? { statements: 0, renewAt: FIRST_RENEWAL };
  plans.set(client, own);
  return own;
}
