import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Admission } from './admission.js';
import { checkContentType, checkNoBody, useBodyParser } from './body-parser.js';
import { useCleanStop } from './clean-stop.js';
import { serveDocs } from './docs-page.js';
import type { HttpMonitor } from './http-monitor.js';
import {
  DEFAULT_RATE_PER_MINUTE,
  DEFAULT_REQUESTS_AT_ONCE,
  type HttpOptions,
} from './http-options.js';
import { rememberRoutes } from './http-routes.js';
import { LoadLimit } from './load-limit.js';
import { buildOpenApi } from './openapi.js';
import { ProblemError } from './problem-error.js';
import { ProblemFilter } from './problem.filter.js';
import { checkParameters } from './query-check.js';
import { requestContext } from './request-context.js';
import { accessOf, declareAccess } from './route-access.js';
import { SECURITY_HEADERS } from './security-headers.js';
import { TokenBuckets } from './token-buckets.js';
import { RequestValidationPipe } from './validation.pipe.js';

/** Everything around the routes, before `app.init()`. */
export function configureHttp(
  app: NestFastifyApplication,
  options: HttpOptions,
  monitor: HttpMonitor,
): void {
  declareAccess(app);
  const fastify = app.getHttpAdapter().getInstance();
  fastify.decorateRequest('regulars', null);
  useBodyParser(fastify);
  useCleanStop(fastify);
  addHooks(fastify, options, monitor);
  app.useGlobalFilters(new ProblemFilter(monitor));
  app.useGlobalPipes(new RequestValidationPipe());
  if (options.docs ?? true) serveDocs(fastify, () => buildOpenApi(app, options.service));
}

function addHooks(fastify: FastifyInstance, options: HttpOptions, monitor: HttpMonitor): void {
  const admission = new Admission(
    options.apiKeys,
    new TokenBuckets(options.rateLimitPerMinute ?? DEFAULT_RATE_PER_MINUTE),
  );
  const load = new LoadLimit(
    options.requestsAtOnce ?? DEFAULT_REQUESTS_AT_ONCE,
    options.behind ?? (() => undefined),
  );

  rememberRoutes(fastify, (route) => {
    monitor.known(route.path, route.method);
  });

  fastify.addHook('onRequest', (request, reply, done) => {
    requestContext(request);
    void reply.headers(SECURITY_HEADERS);
    done(
      refusal(() => {
        if (request.is404) return;
        const access = accessOf(request.routeOptions.config);
        if (access === undefined) throw closedRoute();
        admission.admit(request, reply, access);
        load.admit(reply, access);
        checkContentType(request, access);
      }),
    );
  });

  fastify.addHook('preValidation', (request, _reply, done) => {
    done(
      refusal(() => {
        const access = accessOf(request.routeOptions.config);
        if (access === undefined) return;
        checkParameters(request, access);
        checkNoBody(request, access);
      }),
    );
  });

  fastify.addHook('onSend', (request, reply, payload, done) => {
    sendAnswer(request, reply, monitor);
    done(null, payload);
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    monitor.answered(request, reply);
    done();
  });
}

/** Fastify wants the error handed over; our checks throw it. */
function refusal(check: () => void): Error | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

/** Nest sets the status of the method's decorator last; the answer of a mutation wins over it here. */
function sendAnswer(request: FastifyRequest, reply: FastifyReply, monitor: HttpMonitor): void {
  const { answer } = requestContext(request);
  if (answer === undefined) return;
  void reply.code(answer.status).headers(answer.headers ?? {});
  // A refusal that was kept, or made without being thrown, counts like any other.
  if (answer.refusal !== undefined) {
    monitor.refused(request, { code: answer.refusal, status: answer.status });
  }
}

/** A route that was not made by a controller and says nothing about who may call it. */
function closedRoute(): ProblemError {
  return new ProblemError({
    status: 403,
    code: 'closed-route',
    title: 'Nobody may call this',
    detail: 'Tell the operator: this route has no scope.',
  });
}
