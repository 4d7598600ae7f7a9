import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import type { ServiceName } from '@regulars/contracts';
import {
  answerClientError,
  answerProblem,
  noSuchRoute,
  serveDocs,
  type OpenApiDocument,
} from '@regulars/http';
import { RegularsError } from '@regulars/kernel';
import { serviceOf } from './path-table.js';

/** What stands behind the one address: services of this process, or processes of their own. */
export interface Behind {
  pass(service: ServiceName, request: IncomingMessage, response: ServerResponse): void;
  openApi(): OpenApiDocument | Promise<OpenApiDocument>;
  ready(): Promise<{ ready: boolean; checks: readonly { name: string; ok: boolean }[] }>;
  /** Merged series; a gateway's own, where every service has a management port. */
  metrics?(): Promise<string>;
}

export interface FrontDoor {
  readonly address: string;
  close(): Promise<void>;
}

/** One port that routes by the path table, and answers for the whole: health, docs, metrics. */
export async function openFrontDoor(
  behind: Behind,
  at: { readonly port: number; readonly host: string },
): Promise<FrontDoor> {
  const own = ownRoutes(behind);
  await own.ready();
  const server = createServer(
    // Longer than the idle time of common load balancers: a busy process accepts one new connection per turn of its event
    // loop, so under load those that stand are what it is reached by.
    { requestTimeout: 60_000, headersTimeout: 10_000, keepAliveTimeout: 72_000 },
    (request, response) => {
      const service = serviceOf(request.url ?? '/');
      if (service) behind.pass(service, request, response);
      else own.routing(request, response);
    },
  );
  server.on('clientError', answerClientError);
  await listen(server, at.port, at.host);
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://${at.host === '0.0.0.0' ? '127.0.0.1' : at.host}:${String(port)}`,
    close: async () => {
      await closed(server);
      await own.close();
    },
  };
}

function ownRoutes(behind: Behind): FastifyInstance {
  const fastify = Fastify();
  serveDocs(fastify, () => behind.openApi());
  fastify.get('/', (_request, reply) => reply.redirect('/docs'));
  fastify.get('/health/live', (_request, reply) => reply.send({ status: 'live' }));
  fastify.get('/health/ready', async (_request, reply) => {
    const { ready, checks } = await behind.ready();
    const failed = checks.filter(({ ok }) => !ok).map(({ name }) => name);
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not-ready', failed });
  });
  if (behind.metrics) {
    const metrics = behind.metrics.bind(behind);
    fastify.get('/metrics', async (_request, reply) =>
      reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metrics()),
    );
  }
  fastify.setNotFoundHandler((request, reply) => {
    answerProblem(noSuchRoute(), request, reply);
  });
  return fastify;
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') reject(error);
      const message = `Port ${String(port)} on ${host} is taken. Stop what uses it, or choose another with --port.`;
      reject(new RegularsError('port-taken', message));
    });
    server.listen(port, host, resolve);
  });
}

async function closed(server: Server): Promise<void> {
  const sweep = setInterval(() => {
    server.closeIdleConnections();
  }, 100);
  await new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeIdleConnections();
  });
  clearInterval(sweep);
}
