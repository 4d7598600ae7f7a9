/** Fields that node-postgres and Node put on their errors; TypeORM hides them in `driverError`. */
interface DriverError {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly driverError?: unknown;
  readonly cause?: unknown;
}

/** Whether the database did not answer, or asks us to come again: the caller may repeat the call as it is. */
export function isDatabaseUnavailable(error: unknown): boolean {
  return chainOf(error).some(
    ({ code, message }) =>
      (typeof code === 'string' && (SQLSTATES.test(code) || SYSTEM.has(code))) ||
      (typeof message === 'string' && MESSAGES.test(message)),
  );
}

/** Whether Postgres refused a NUL or another character that text cannot hold: ours to refuse earlier, the caller's to mend. */
export function isUnstorableText(error: unknown): boolean {
  return chainOf(error).some(({ code }) => code === '22021' || code === '22P05');
}

// 08 connection, 53 resources (full disk, too many connections), 57P shutdown, 57014 statement timeout,
// 40001 and 40P01 lost a race, 55P03 lock timeout, 25P03 idle in transaction, 25006 standby.
const SQLSTATES = /^(08...|53...|57P..|57014|40001|40P01|55P03|25P03|25006)$/;
const SYSTEM = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
// node-postgres has no codes for these.
const MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Query read timeout|Cannot use a pool after calling end)/;

function chainOf(error: unknown): DriverError[] {
  const chain: DriverError[] = [];
  let at: unknown = error;
  while (typeof at === 'object' && at !== null && chain.length < 5) {
    const link: DriverError = at;
    chain.push(link);
    at = link.driverError ?? link.cause;
  }
  return chain;
}
