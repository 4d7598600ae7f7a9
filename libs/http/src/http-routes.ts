import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { accessOf } from './route-access.js';
import type { RouteAccess } from './scope.js';

export interface HttpRoute {
  readonly method: string;
  /** The template: `/v1/customers/:id`. */
  readonly path: string;
  readonly access: RouteAccess | undefined;
}

const routes = new WeakMap<object, HttpRoute[]>();

/** The routes of a running application, as Fastify has them: tests take their list from here. */
export function listRoutes(app: NestFastifyApplication): readonly HttpRoute[] {
  return routes.get(app.getHttpAdapter().getInstance()) ?? [];
}

/** Notes each route as it is added; HEAD comes with GET and is left out. */
export function rememberRoutes(
  fastify: FastifyInstance,
  onRoute: (route: HttpRoute) => void,
): void {
  const known: HttpRoute[] = [];
  routes.set(fastify, known);
  fastify.addHook('onRoute', ({ method, url, config }) => {
    for (const name of [method].flat()) {
      if (name === 'HEAD') continue;
      const route = { method: name, path: url, access: accessOf(config) };
      known.push(route);
      onRoute(route);
    }
  });
}
