import startTestPostgres from '../libs/testing/src/postgres/global-setup.mjs';
import build from './global-setup.mjs';

/** Distributed mode needs a Postgres beside the build. */
export default async function globalSetup() {
  await build();
  await startTestPostgres();
}
