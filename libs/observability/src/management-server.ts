import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { METRICS_CONTENT_TYPE, mergeRegistries } from './merge-registries.js';
import type { MetricsRegistry } from './metrics-registry.js';

export interface ManagementServer {
  readonly port: number;
  close(): Promise<void>;
}

/** `/metrics` on a port of its own, which is not on the public listener. Port 0 = any free one. */
export async function startManagementServer(options: {
  readonly port: number;
  readonly host: string;
  readonly registry: MetricsRegistry | readonly MetricsRegistry[];
}): Promise<ManagementServer> {
  const registries = 'registry' in options.registry ? [options.registry] : options.registry;
  const merged = mergeRegistries(registries);
  const server = createServer(
    { requestTimeout: 10_000, headersTimeout: 5_000, keepAliveTimeout: 5_000 },
    (request, response) => {
      const scrape = request.method === 'GET' && request.url?.split('?')[0] === '/metrics';
      if (scrape) void answerScrape(merged, response);
      else response.writeHead(404, { 'content-type': 'text/plain' }).end('Only GET /metrics.\n');
    },
  );
  await listen(server, options.port, options.host);
  return {
    port: (server.address() as AddressInfo).port,
    close: () => closed(server),
  };
}

async function answerScrape(
  merged: { metrics(): Promise<string> },
  response: ServerResponse,
): Promise<void> {
  try {
    const text = await merged.metrics();
    response.writeHead(200, { 'content-type': METRICS_CONTENT_TYPE }).end(text);
  } catch {
    // A collector failed (a gauge that asks the database): the scrape fails, Prometheus shows it as `up 0`.
    response.writeHead(503, { 'content-type': 'text/plain' }).end('Metrics are not available.\n');
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  server.once('error', reject);
  server.listen(port, host, () => {
    server.off('error', reject);
    resolve(undefined);
  });
  return promise;
}

function closed(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  server.close(() => {
    resolve(undefined);
  });
  server.closeIdleConnections();
  return promise;
}
