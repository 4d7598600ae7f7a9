import type { FastifyInstance } from 'fastify';

/** How often connections that fell idle after the stop began are closed. */
const SWEEP_MS = 250;

/**
 * Lets a stop wait for requests and not for connections: a kept-alive one would hold the server open until its own
 * time-out, which is longer than the grace of a stop.
 */
export function useCleanStop(fastify: FastifyInstance): void {
  const server = fastify.server;
  let stopping = false;

  fastify.addHook('preClose', (done) => {
    stopping = true;
    if (server.listening) {
      // Answers that left just before the stop told their client that the connection stays.
      const sweep = setInterval(() => {
        server.closeIdleConnections();
      }, SWEEP_MS);
      server.once('close', () => {
        clearInterval(sweep);
      });
    }
    done();
  });

  fastify.addHook('onSend', (_request, reply, payload, done) => {
    if (stopping) void reply.header('connection', 'close');
    done(null, payload);
  });
}
