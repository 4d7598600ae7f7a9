import { randomBytes } from 'node:crypto';
import { testDatabaseUrl } from '@regulars/testing';
import { lookInside } from './look-inside.ts';
import { raw } from './raw.ts';

export interface MadeDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** An empty database, on the Postgres of the tests or on another one. */
export async function makeDatabase(server = testDatabaseUrl()): Promise<MadeDatabase> {
  const name = `e2e_${randomBytes(4).toString('hex')}`;
  const url = new URL(server);
  const admin = url.href;
  url.pathname = `/${name}`;
  await lookInside(admin, raw(`create database ${name}`));
  return {
    url: url.href,
    drop: async () => {
      await lookInside(admin, raw(`drop database ${name} with (force)`));
    },
  };
}
