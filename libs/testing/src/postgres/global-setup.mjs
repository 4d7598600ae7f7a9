/**
 * Jest's globalSetup for tests on Postgres: one server for the run, its address in REGULARS_TEST_DATABASE_URL.
 * Set that variable yourself to use a server of yours; what failed tests left can then be looked at.
 * Jest loads this file by Node alone, hence .mjs and the .ts in the import (Node strips the types).
 */
import { startPostgres } from './start-postgres.ts';

export default async function globalSetup() {
  if (process.env.REGULARS_TEST_DATABASE_URL) return;
  const postgres = await startPostgres();
  process.env.REGULARS_TEST_DATABASE_URL = postgres.url;
  globalThis.regularsTestPostgres = postgres;
}
