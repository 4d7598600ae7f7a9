import { LaterVersion, UndecodableEvent } from '@regulars/contracts';
import { FatalConsumerError, LogUnavailable } from './errors.js';

/** What an error means for the batch that met it. */
export type ErrorClass = 'conflict' | 'unavailable' | 'poison' | 'fatal';

const CONFLICT = new Set(['40001', '40P01', '55P03', '57014']);
/** 08 connection, 53 resources (too many connections, disk full), 57P admin shutdown, 58 system error. */
const UNAVAILABLE = /^(08|53|57P|58)/;
const SYSTEM = /^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOTFOUND|EAI_)/;
/** Driver errors without a code of any kind. */
const DRIVER =
  /connection terminated|timeout exceeded when trying to connect|connection error and is not queryable|connection ended|pool is (closed|ended|draining)|driver not connected|client was closed/i;

/** Decided in this one place; what is not recognised is poison. */
export function classOf(error: unknown): ErrorClass {
  if (error instanceof FatalConsumerError) return 'fatal';
  if (error instanceof LogUnavailable || error instanceof LaterVersion) return 'unavailable';
  if (error instanceof UndecodableEvent || !(error instanceof Error)) return 'poison';
  const code = codeOf(error);
  if (code !== undefined) {
    if (CONFLICT.has(code)) return 'conflict';
    if (UNAVAILABLE.test(code) || SYSTEM.test(code)) return 'unavailable';
    return 'poison';
  }
  return DRIVER.test(error.message) ? 'unavailable' : 'poison';
}

/** SQLSTATE or system code, also of an error that TypeORM wrapped. */
function codeOf(error: Error): string | undefined {
  const { code, driverError } = error as { code?: unknown; driverError?: { code?: unknown } };
  if (typeof code === 'string') return code;
  return typeof driverError?.code === 'string' ? driverError.code : undefined;
}

/** A short reason for dead letters and logs: class name and code, never values (they may be personal). */
export function reasonOf(error: unknown): string {
  if (error instanceof UndecodableEvent) return error.code;
  if (!(error instanceof Error)) return 'thrown-value';
  const code = codeOf(error);
  const name = error.name.replace(/[^A-Za-z0-9]/g, '').slice(0, 40) || 'Error';
  return code === undefined ? name : `${name}-${code.slice(0, 40)}`;
}

/** The error's text with everything that may be a value cut out: quoted parts, parentheses, numbers, addresses. */
export function cleanText(error: unknown): string {
  const text = error instanceof Error ? error.message : typeof error;
  return text
    .replace(/"[^"]*"|'[^']*'|`[^`]*`|\([^)]*\)/g, '…')
    .replace(/\S+@\S+/g, '…')
    .replace(/\+?\d[\d .-]{4,}/g, '…')
    .replace(/\s+/g, ' ')
    .slice(0, 500);
}
