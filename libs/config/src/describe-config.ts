import { isSecretVariable } from './secret-variables.js';
import type { ServiceConfig } from './service-config.js';

/** The configuration as it may be printed at start: addresses without user and password, secrets only as "set". */
export function describeConfig(config: ServiceConfig): Record<string, unknown> {
  return {
    ...config,
    databaseUrl: withoutCredentials(config.databaseUrl),
    ...(config.clock === undefined ? {} : { clock: config.clock.toISOString() }),
    env: Object.fromEntries(
      Object.entries(config.env).map(([name, value]) => [
        name,
        isSecretVariable(name) ? '[set]' : value,
      ]),
    ),
  };
}

function withoutCredentials(text: string): string {
  if (!URL.canParse(text)) return '[set]';
  const { protocol, host, pathname } = new URL(text);
  return `${protocol}//${host}${pathname}`;
}
