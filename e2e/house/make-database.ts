import { randomBytes } from 'node:crypto';
import { testDatabaseUrl } from '@regulars/testing';
import { lookInside } from './look-inside.ts';
import { raw } from './raw.ts';

/** An empty database on the Postgres of the tests. */
export async function makeDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `e2e_${randomBytes(4).toString('hex')}`;
  const url = new URL(testDatabaseUrl());
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
