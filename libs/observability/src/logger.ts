import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';
import type { MetricsRegistry } from './metrics-registry.js';
import { redact, SECRET_FIELDS } from './redaction.js';

export type Logger = PinoLogger;
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';

export interface LoggerOptions {
  readonly service: string;
  readonly level?: LogLevel;
  /** Counts warnings and errors: every such line has a counter. */
  readonly metrics?: MetricsRegistry;
  /** Standard output when absent. */
  readonly destination?: DestinationStream;
}

/** JSON, one line per entry whatever the text holds, without keys and addresses. At `info` no line per event or request. */
export function createLogger(options: LoggerOptions): Logger {
  const lines = options.metrics?.counter(
    'regulars_log_lines_total',
    'Log lines of level warn and above.',
    ['level'],
  );
  for (const level of COUNTED) lines?.inc({ level }, 0);
  return pino(
    {
      level: options.level ?? 'info',
      base: { service: options.service },
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      redact: { paths: SECRET_FIELDS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]) },
      serializers: { err: errorOf, error: errorOf },
      hooks: {
        logMethod(args, method, level) {
          const name = pino.levels.labels[level] ?? 'error';
          if (COUNTED.includes(name)) lines?.inc({ level: name });
          method.apply(this, args);
        },
        streamWrite: redact,
      },
    },
    options.destination ?? pino.destination({ dest: 1, sync: false }),
  );
}

const COUNTED = ['warn', 'error', 'fatal'];

/** Type, code, message and stack; not the fields that drivers add (`detail` of a Postgres error quotes the row). */
function errorOf(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    ...(typeof code === 'string' ? { code } : {}),
    message: error.message,
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: errorOf(error.cause) }),
  };
}
