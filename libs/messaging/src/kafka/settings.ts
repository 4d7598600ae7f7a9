/** The part of a pino logger that the adapter uses. */
export interface KafkaLogger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export const silent: KafkaLogger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
};

export interface KafkaSettings {
  /** A member that is silent for so long loses its partitions, and itself takes them for lost. */
  readonly sessionTimeoutMs: number;
  readonly heartbeatMs: number;
  readonly rebalanceTimeoutMs: number;
  /** Partitions worked on at once by one consumer: each takes a database connection. */
  readonly concurrency: number;
  /** A handler that takes longer has its partition paused, so that the others are fetched meanwhile. */
  readonly patienceMs: number;
  /** How long a close waits for batches and sends in flight. */
  readonly closeGraceMs: number;
  /** A send that got no acknowledgement after so many tries of up to a second rejects as unavailable. */
  readonly sendRetries: number;
}

export const defaultKafkaSettings: KafkaSettings = {
  sessionTimeoutMs: 30_000,
  heartbeatMs: 3_000,
  rebalanceTimeoutMs: 60_000,
  concurrency: 4,
  patienceMs: 500,
  closeGraceMs: 15_000,
  sendRetries: 60,
};
