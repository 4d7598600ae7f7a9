import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { newId } from '@regulars/kernel';
import { answerProblem, type ProblemListener } from './answer-problem.js';
import { answerClientError } from './client-error.js';
import { DEFAULT_BODY_LIMIT, type HttpOptions } from './http-options.js';
import { noSuchRoute } from './problems.js';
import { SECURITY_HEADERS } from './security-headers.js';

/** Fastify with an end to everything, and with our way of saying no also where no route was reached. */
export class HttpAdapter extends FastifyAdapter {
  constructor(
    options: HttpOptions,
    private readonly listener: ProblemListener,
  ) {
    super({
      bodyLimit: options.bodyLimit ?? DEFAULT_BODY_LIMIT,
      connectionTimeout: 60_000,
      requestTimeout: 30_000,
      // Longer than the idle time of common load balancers, or they send into closing connections.
      keepAliveTimeout: 72_000,
      http: { headersTimeout: 10_000, maxHeaderSize: 16_384 },
      routerOptions: { maxParamLength: 200, caseSensitive: true, ignoreTrailingSlash: false },
      // Requests that arrive while we stop are still answered: a clean stop costs nothing (G8).
      return503OnClosing: false,
      forceCloseConnections: 'idle',
      trustProxy: options.trustedProxies === undefined ? false : [...options.trustedProxies],
      requestIdHeader: false,
      genReqId: () => newId(),
      frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
        void reply.headers(SECURITY_HEADERS);
        answerProblem(error, request, reply, listener);
      },
      clientErrorHandler: answerClientError,
    });
  }

  /** Nest would put its own errors in place of Fastify's. */
  override setErrorHandler(): FastifyInstance {
    return this.getInstance().setErrorHandler((error, request, reply) => {
      answerProblem(error, request, reply, this.listener);
      return reply;
    });
  }

  override setNotFoundHandler(): FastifyInstance {
    return this.getInstance().setNotFoundHandler((request, reply) => {
      answerProblem(noSuchRoute(), request, reply, this.listener);
      return reply;
    });
  }
}
