import { Registry } from 'prom-client';
import type { MetricsRegistry } from './metrics-registry.js';

/** The text that Prometheus scrapes, of one service or of all that run in this process. */
export async function metricsText(registries: readonly MetricsRegistry[]): Promise<string> {
  return mergeRegistries(registries).metrics();
}

/**
 * One registry over several services. The label `service` tells their series apart; Registry.merge of prom-client would
 * refuse a name that two registries have.
 */
export function mergeRegistries(registries: readonly MetricsRegistry[]): {
  metrics(): Promise<string>;
} {
  return {
    async metrics() {
      const texts = await Promise.all(registries.map(({ registry }) => registry.metrics()));
      return joinExpositions(texts);
    },
  };
}

export const METRICS_CONTENT_TYPE = new Registry().contentType;

/** Series of one name must stand together under one HELP and one TYPE, or Prometheus refuses the page. */
export function joinExpositions(texts: readonly string[]): string {
  const families = new Map<string, { head: string[]; series: string[] }>();
  for (const text of texts) {
    let family = { head: [] as string[], series: [] as string[] };
    for (const line of text.split('\n')) {
      const [, name] = /^# HELP (\S+)/.exec(line) ?? [];
      if (name !== undefined) {
        family = families.get(name) ?? { head: [], series: [] };
        families.set(name, family);
      }
      if (line.startsWith('#')) {
        if (family.head.length < 2) family.head.push(line);
      } else if (line !== '') family.series.push(line);
    }
  }
  const blocks = [...families.values()].map(({ head, series }) => [...head, ...series].join('\n'));
  return `${blocks.join('\n\n')}\n`;
}
