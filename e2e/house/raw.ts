import { sql, type Sql } from '@regulars/persistence';

/** For text of our own only: names cannot be parameters. */
export function raw(text: string): Sql {
  return sql(Object.assign([text], { raw: [text] }));
}
