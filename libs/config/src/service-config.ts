export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

/** What a service is told at start: read once from the environment, validated, frozen. */
export interface ServiceConfig {
  /** Whose configuration this is: `ingestion`, `prediction` ... */
  readonly service: string;
  readonly databaseUrl: string;
  /** Which adapter of the log. */
  readonly log:
    | { readonly kind: 'postgres' }
    | {
        readonly kind: 'kafka';
        readonly brokers: readonly string[];
        /** A member that is silent for so long loses its partitions; undefined = the adapter's 30 s. */
        readonly sessionTimeoutMs?: number;
      };
  /** HTTP port; 0 = any free one; undefined = do not listen (standalone routes to the service itself). */
  readonly port?: number;
  readonly host: string;
  readonly managementPort?: number;
  readonly apiKeysFile: string;
  /** The company's zone, for purchase days without a zone of their source and customers without one. */
  readonly timeZone: string;
  /** The company's currency: the default of amounts without one. */
  readonly currency: string;
  /** For phone numbers written without a country code (ISO 3166 alpha-2). */
  readonly defaultCountry: string;
  /** A standing clock (REGULARS_CLOCK); undefined = the system's. */
  readonly clock?: Date;
  readonly logLevel: (typeof logLevels)[number];
  /** SIGTERM to exit at the latest. */
  readonly shutdownGraceMs: number;
  /** Calls per minute and API key, counted in this process. */
  readonly rateLimitPerMinute: number;
  /** Requests under way in this process; more are refused. */
  readonly requestsAtOnce: number;
  /** Unsent events, and their age, beyond which what can wait is refused. */
  readonly outboxLimits: { readonly rows: number; readonly ageMs: number };
  /** Bytes of a request's body. */
  readonly bodyLimit: number;
  /** Whether `/docs` and `/openapi.json` are served: not in production unless asked for. */
  readonly docs: boolean;
  /** Proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
  /** Settings of single services and of channels, validated by their own `.config.ts`; secrets are read from their files. */
  readonly env: Readonly<Record<string, string>>;
}
