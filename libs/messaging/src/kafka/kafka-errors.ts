import { toError } from '@regulars/kernel';
import { Fenced, LogUnavailable, RecordRefused } from '../errors.js';

/** Kafka's names for "never send this again". */
const REFUSALS = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'INVALID_TIMESTAMP',
  'INVALID_TOPIC_EXCEPTION',
]);

/** The coordinator knows a later owner of the transactional id. */
const FENCED = new Set([
  'INVALID_PRODUCER_EPOCH',
  'PRODUCER_FENCED',
  'TRANSACTION_COORDINATOR_FENCED',
]);

/** A client's error in the port's words. Whatever is not a refusal of the record is worth another try. */
export function toLogError(thrown: unknown): LogUnavailable | RecordRefused | Fenced {
  if (thrown instanceof LogUnavailable || thrown instanceof RecordRefused) return thrown;
  if (thrown instanceof Fenced) return thrown;
  const error = toError(thrown);
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    const type = (cause as Error & { type?: unknown }).type;
    if (typeof type !== 'string') continue;
    if (FENCED.has(type)) return new Fenced('Another producer has taken over.', error);
    if (REFUSALS.has(type)) {
      return new RecordRefused(`Kafka refuses the record: ${cause.message}`, error);
    }
  }
  return new LogUnavailable(`Kafka is not available: ${error.message}`, error);
}
