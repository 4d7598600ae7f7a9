/** Jest's globalTeardown: stops what globalSetup started. */
export default async function globalTeardown() {
  await globalThis.regularsTestPostgres?.stop();
}
