import type { ServiceName } from '@regulars/contracts';
import { mergeOpenApi, type OpenApiDocument } from '@regulars/http';
import { openFrontDoor, type FrontDoor } from './front-door.js';
import { passOn } from './pass-on.js';

/** The front door before services of their own processes. */
export function openGateway(
  addresses: Readonly<Record<ServiceName, URL>>,
  at: { readonly port: number; readonly host: string },
): Promise<FrontDoor> {
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
