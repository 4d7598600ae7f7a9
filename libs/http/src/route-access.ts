import type { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/internal';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import { RegularsError } from '@regulars/kernel';
import { ACCESS, BODY, YIELDS, type RouteAccess } from './scope.js';

type Handler = (...args: never[]) => unknown;
type Declared = Pick<RouteAccess, 'scopes' | 'public' | 'limited'>;

/**
 * Writes down, for each route of the application, who may call it and what it takes, where Fastify's hooks find it. Throws
 * when a controller leaves that open: forgetting a scope must not open a route.
 */
export function declareAccess(app: NestFastifyApplication): void {
  const open: string[] = [];
  for (const controller of controllersOf(app)) {
    for (const [name, handler] of handlersOf(controller)) {
      const declared = declaredFor(controller, handler);
      if (declared === undefined) open.push(`${controller.name}.${name}`);
      else writeAccess(handler, { ...declared, ...takenBy(controller, name, handler) });
    }
  }
  if (open.length === 0) return;
  throw new RegularsError(
    'route-without-scope',
    `Say who may call ${open.join(', ')}: put @Scope(...) or @Public() on the method or its class.`,
  );
}

/** The access of a route, as Fastify carries it; undefined on a route that nobody declared. */
export function accessOf(config: unknown): RouteAccess | undefined {
  return (config as { access?: RouteAccess } | undefined)?.access;
}

interface ControllerClass {
  readonly name: string;
  readonly prototype: object;
}

function controllersOf(app: NestFastifyApplication): ControllerClass[] {
  const modules = [...app.get(ModulesContainer).values()];
  const classes = modules.flatMap((module) =>
    [...module.controllers.values()].map((wrapper) => wrapper.metatype as ControllerClass | null),
  );
  return classes.filter((metatype) => metatype !== null);
}

function handlersOf(controller: ControllerClass): [string, Handler][] {
  const scanner = new MetadataScanner();
  const methods = controller.prototype as Record<string, unknown>;
  return scanner
    .getAllMethodNames(controller.prototype)
    .map((name) => [name, methods[name]] as [string, Handler])
    .filter(([, handler]) => methodOf(handler) !== undefined);
}

function methodOf(handler: Handler): RequestMethod | undefined {
  return Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
}

function declaredFor(controller: ControllerClass, handler: Handler): Declared | undefined {
  return (Reflect.getMetadata(ACCESS, handler) ?? Reflect.getMetadata(ACCESS, controller)) as
    Declared | undefined;
}

function takenBy(
  controller: ControllerClass,
  name: string,
  handler: Handler,
): Pick<RouteAccess, 'body' | 'query' | 'yields'> {
  const args = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {}) as Record<
    string,
    { data?: unknown }
  >;
  const of = (kind: RouteParamtypes) =>
    Object.entries(args).filter(([key]) => key.startsWith(`${String(kind)}:`));
  const special = Reflect.getMetadata(BODY, handler) as 'batch' | 'form' | 'raw' | undefined;
  const query = of(RouteParamtypes.QUERY).map(([, { data }]) => data);
  return {
    body: special ?? (of(RouteParamtypes.BODY).length > 0 ? 'json' : 'none'),
    yields: Reflect.getMetadata(YIELDS, handler) === true,
    query: query.every((name) => typeof name === 'string') ? query : 'checked',
  };
}

function writeAccess(handler: Handler, access: RouteAccess): void {
  const config = Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, handler) as object | undefined;
  const earlier = accessOf(config);
  // A method of a base class is one function for all its controllers.
  if (earlier !== undefined && JSON.stringify(earlier) !== JSON.stringify(access)) {
    throw new RegularsError(
      'route-with-two-scopes',
      'Two controllers inherit one route method with different scopes: override it in each.',
    );
  }
  Reflect.defineMetadata(FASTIFY_ROUTE_CONFIG_METADATA, { ...config, access }, handler);
}
