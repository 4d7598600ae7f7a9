import { sql, type Database } from '@regulars/persistence';

interface Column {
  readonly table: string;
  readonly name: string;
  readonly identity: boolean;
}

const columnsByDatabase = new WeakMap<Database, Map<string, Column[]>>();

/** By table. Asked once: the catalogue is slow, and a dump comes after every crash. */
async function columnsOf(database: Database): Promise<Map<string, Column[]>> {
  const before = columnsByDatabase.get(database);
  if (before) return before;
  const columns = await database.query<Column>(sql`
    select c.table_name as "table", c.column_name as name, c.is_identity = 'YES' as identity
    from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = ${database.options.schema} and t.table_type = 'BASE TABLE'
      and c.table_name <> 'migrations' and c.table_name not like 'kept\\_%' and c.is_generated = 'NEVER'
    order by 1, c.ordinal_position`);
  const byTable = Map.groupBy(columns, ({ table }) => table);
  columnsByDatabase.set(database, byTable);
  return byTable;
}

/** Keeps what stands in a service's tables now. Answers how to put it there again, in place of what came since. */
export async function keepTables(database: Database): Promise<() => Promise<void>> {
  const tables = await columnsOf(database);
  const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
  const kept: string[] = [];
  for (const [table, columns] of tables) {
    const names = columns.map(({ name }) => quoted(name)).join(', ');
    const copy = quoted(`kept_${table}`);
    await database.dataSource.query(
      `create table ${copy} as select ${names} from ${quoted(table)}`,
    );
    kept.push(
      `delete from ${quoted(table)}`,
      `insert into ${quoted(table)} (${names}) overriding system value select ${names} from ${copy}`,
    );
  }
  // In any order: the constraints between tables hold again at the end.
  const restore = `begin; set local session_replication_role = replica; ${kept.join(';')}; commit`;
  return async () => {
    await database.dataSource.query(restore);
  };
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const INSTANT = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[^"\\]*/g;
const A_DAY_MS = 86_400_000;
/** Kept by connection, and which one works is chance. That they add up is for the sums of records to say. */
const BY_CONNECTION = 'outbox_counts';

/**
 * All rows of a service, table by table, without what differs from run to run: numbers given by the database, ids made
 * on the way (those in `known` stay) and instants of the wall clock. The time of the service itself must stand.
 */
export async function canonicalDump(
  database: Database,
  known: ReadonlySet<string>,
): Promise<Record<string, readonly string[]>> {
  const dump: Record<string, readonly string[]> = {};
  const now = Date.now();
  const common = (text: string): string =>
    text
      .replace(UUID, (id) => (known.has(id) ? id : '<id>'))
      .replace(INSTANT, (at) => (Math.abs(new Date(at).getTime() - now) < A_DAY_MS ? '<now>' : at));
  for (const [table, columns] of await columnsOf(database)) {
    if (table === BY_CONNECTION) continue;
    const given = new Set(columns.flatMap(({ name, identity }) => (identity ? [name] : [])));
    const rows = await database.dataSource.query<{ row: Record<string, unknown> }[]>(
      `select to_jsonb(t) as row from "${table}" t`,
    );
    dump[table] = rows
      .map(({ row }) => {
        const kept = Object.entries(row).filter(([name]) => !given.has(name));
        return common(JSON.stringify(Object.fromEntries(kept.map(readable))));
      })
      .sort();
  }
  return dump;
}

/** Bytes as the text that they are. */
function readable([name, value]: [string, unknown]): [string, unknown] {
  const bytes = typeof value === 'string' && value.startsWith('\\x');
  return [name, bytes ? Buffer.from(value.slice(2), 'hex').toString() : value];
}
