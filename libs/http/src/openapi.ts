import { isDeepStrictEqual } from 'node:util';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { RegularsError } from '@regulars/kernel';
import { listRoutes, type HttpRoute } from './http-routes.js';
import { describeOperation, PROBLEM_SCHEMA } from './openapi-operation.js';

export type OpenApiDocument = OpenAPIObject;

/** OpenAPI 3.1 of one service, from its code. After `app.init()`. What holds for every route is added here, not by hand. */
export function buildOpenApi(app: NestFastifyApplication, service: string): OpenApiDocument {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(`Regulars: ${service}`)
    .setDescription('Leads customers back in time. Conventions: keys, scopes, errors, pages.')
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key: rk_...' }, 'key')
    .build();
  const document = SwaggerModule.createDocument(app, config, { operationIdFactory: operationId });
  for (const route of listRoutes(app)) describeRoute(document, route, service);
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Problem: PROBLEM_SCHEMA },
  };
  return document;
}

/** One document over several services: standalone has one address for all. */
export function mergeOpenApi(documents: readonly OpenApiDocument[]): OpenApiDocument {
  const [first] = documents;
  if (first === undefined) throw new RangeError('There is no document to merge.');
  return {
    ...first,
    info: { ...first.info, title: 'Regulars' },
    paths: Object.assign({}, ...documents.map(({ paths }) => paths)) as OpenApiDocument['paths'],
    tags: documents.flatMap(({ tags }) => tags ?? []),
    components: {
      ...first.components,
      schemas: mergeSchemas(documents),
    },
  };
}

type Schemas = NonNullable<NonNullable<OpenApiDocument['components']>['schemas']>;

/** Two services may share a schema's name only when they mean the same: one would document the other wrongly. */
function mergeSchemas(documents: readonly OpenApiDocument[]): Schemas {
  const merged: Schemas = {};
  for (const { components } of documents) {
    for (const [name, schema] of Object.entries(components?.schemas ?? {})) {
      const earlier = merged[name];
      if (earlier !== undefined && !isDeepStrictEqual(earlier, schema)) {
        throw new RegularsError(
          'schema-name-taken',
          `Two services have different schemas named ${name}: rename one of the DTO classes.`,
        );
      }
      merged[name] = schema;
    }
  }
  return merged;
}

function describeRoute(document: OpenApiDocument, route: HttpRoute, service: string): void {
  const path = route.path.replaceAll(/:([A-Za-z0-9_]+)/g, '{$1}');
  const method = route.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
  const operation = document.paths[path]?.[method];
  if (operation === undefined) return;
  describeOperation(operation, route);
  // Every service has these; ids are unique in the merged document too.
  if (path.startsWith('/v1/admin/')) {
    operation.operationId = operationId(service, operation.operationId ?? method);
  }
}

/** `customersRead`: stable, and no class name. */
function operationId(controller: string, method: string): string {
  const noun = controller.replace(/Controller$/, '');
  return `${noun.charAt(0).toLowerCase()}${noun.slice(1)}${method.charAt(0).toUpperCase()}${method.slice(1)}`;
}
