import { toError } from '@regulars/kernel';
import { LogUnavailable, RecordRefused } from '../errors.js';

/** Kafka's names for "never send this again". */
const REFUSALS = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'INVALID_TIMESTAMP',
  'INVALID_TOPIC_EXCEPTION',
]);

/** A client's error in the port's words. Whatever is not a refusal of the record is worth another try. */
export function toLogError(thrown: unknown): LogUnavailable | RecordRefused {
  if (thrown instanceof LogUnavailable || thrown instanceof RecordRefused) return thrown;
  const error = toError(thrown);
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    const type = (cause as Error & { type?: unknown }).type;
    if (typeof type === 'string' && REFUSALS.has(type)) {
      return new RecordRefused(`Kafka refuses the record: ${cause.message}`, error);
    }
  }
  return new LogUnavailable(`Kafka is not available: ${error.message}`, error);
}
