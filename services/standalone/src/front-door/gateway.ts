import type { ServiceName } from '@regulars/contracts';
import { DEFAULT_REQUESTS_AT_ONCE, mergeOpenApi, type OpenApiDocument } from '@regulars/http';
import { metricsText, MetricsRegistry } from '@regulars/observability';
import { openFrontDoor, type FrontDoor } from './front-door.js';
import { passOnAtMost } from './pass-on.js';

/** The front door before services of their own processes. */
export function openGateway(
  addresses: Readonly<Record<ServiceName, URL>>,
  at: { readonly port: number; readonly host: string },
): Promise<FrontDoor> {
  const metrics = new MetricsRegistry('gateway');
  const refusals = metrics.counter(
    'regulars_http_refusals_total',
    'Requests refused, by code of the problem.',
    ['reason'],
  );
  refusals.inc({ reason: 'overloaded' }, 0);
  const passOn = passOnAtMost(DEFAULT_REQUESTS_AT_ONCE, () => {
    refusals.inc({ reason: 'overloaded' });
  });
  const all = Object.entries(addresses);
  return openFrontDoor(
    {
      pass: (service, request, response) => {
        passOn(addresses[service], request, response);
      },
      openApi: async () =>
        mergeOpenApi(
          await Promise.all(
            all.map(async ([, base]) => {
              const answer = await fetch(new URL('/openapi.json', base), {
                signal: AbortSignal.timeout(5_000),
              });
              return (await answer.json()) as OpenApiDocument;
            }),
          ),
        ),
      metrics: () => metricsText([metrics]),
      ready: async () => {
        const checks = await Promise.all(
          all.map(async ([name, base]) => ({ name, ok: await isReady(base) })),
        );
        return { ready: checks.every(({ ok }) => ok), checks };
      },
    },
    at,
  );
}

async function isReady(base: URL): Promise<boolean> {
  try {
    const url = new URL('/health/ready', base);
    return (await fetch(url, { signal: AbortSignal.timeout(3_000) })).ok;
  } catch {
    // Not reachable is the answer, not a failure of ours.
    return false;
  }
}
