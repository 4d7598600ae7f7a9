/** What a service is told at start: read once from the environment, validated, frozen. */
export interface ServiceConfig {
  readonly databaseUrl: string;
  /** Which adapter of the log. */
  readonly log:
    { readonly kind: 'postgres' } | { readonly kind: 'kafka'; readonly brokers: readonly string[] };
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
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** SIGTERM to exit at the latest. */
  readonly shutdownGraceMs: number;
  /** Settings of single services (REGULARS_<SERVICE>_...), validated by their own `.config.ts`. */
  readonly env: Readonly<Record<string, string>>;
}
