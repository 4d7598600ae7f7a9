import { sql, type Transaction } from '@regulars/persistence';
import { builtInTemplates } from './built-in-templates.js';
import type { Template } from './template.js';

/** A transaction, or the database itself where a single read is enough. */
/** Stored versions over the built-in ones: a key's first stored version takes the built-in's place. */
export const templateStore = (reader: Pick<Transaction, 'query'>) => ({
  /** The newest version of a key. */
  async current(key: string): Promise<Template | undefined> {
    const rows = await reader.query<Template>(sql`
      select key, version, title, contents from template_versions
      where key = ${key} order by version desc limit 1`);
    return rows[0] ?? builtInTemplates.get(key);
  },

  async at(key: string, version: number): Promise<Template | undefined> {
    const rows = await reader.query<Template>(sql`
      select key, version, title, contents from template_versions
      where key = ${key} and version = ${version}`);
    const builtIn = builtInTemplates.get(key);
    return rows[0] ?? (builtIn?.version === version ? builtIn : undefined);
  },

  /** The newest version of each stored key after `after`, by key. */
  async listCurrent(after: string, limit: number): Promise<Template[]> {
    return reader.query<Template>(sql`
      select distinct on (key) key, version, title, contents from template_versions
      where key > ${after} order by key, version desc limit ${limit}`);
  },
});
