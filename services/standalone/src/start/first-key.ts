import { existsSync } from 'node:fs';
import { addApiKey, createApiKey } from '@regulars/http';

/** The first start makes a key that may do everything; its text is told once and never kept. */
export async function firstKey(file: string): Promise<string | undefined> {
  if (existsSync(file)) return undefined;
  const { text, record } = createApiKey({
    name: 'first key',
    scopes: ['admin'],
    createdBy: 'first start',
    now: new Date(),
  });
  await addApiKey(file, record);
  return text;
}
