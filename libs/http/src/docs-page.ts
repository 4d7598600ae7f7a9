import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { OpenApiDocument } from './openapi.js';
import { DOCS_POLICY } from './security-headers.js';

/** `/docs` (Swagger UI, from our own origin) and `/openapi.json`. The document is made when first asked for. */
export function serveDocs(
  fastify: FastifyInstance,
  document: () => OpenApiDocument | Promise<OpenApiDocument>,
): void {
  let made: string | undefined;
  const text = async () => (made ??= JSON.stringify(await document()));

  fastify.get('/openapi.json', OPEN, async (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(await text()),
  );
  fastify.get('/docs', OPEN, (_request, reply) => page(reply, 'text/html', PAGE));
  fastify.get('/docs/start.js', OPEN, (_request, reply) => page(reply, 'text/javascript', START));
  for (const [name, type] of ASSETS) {
    fastify.get(`/docs/${name}`, OPEN, async (_request, reply) =>
      page(reply, type, await readFile(join(SWAGGER_UI, name), 'utf8')),
    );
  }
}

const SWAGGER_UI = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

const OPEN = {
  config: {
    access: {
      scopes: [],
      public: true,
      limited: false,
      body: 'none',
      query: 'checked',
      yields: false,
    },
  },
} as const;

const ASSETS = [
  ['swagger-ui.css', 'text/css'],
  ['swagger-ui-bundle.js', 'text/javascript'],
] as const;

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Regulars API</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<main id="docs">The API is described in <a href="openapi.json">openapi.json</a>.</main>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
`;

const START = `SwaggerUIBundle({ url: 'openapi.json', dom_id: '#docs', deepLinking: true });
`;

function page(reply: FastifyReply, type: string, text: string): FastifyReply {
  return reply
    .headers({ 'content-security-policy': DOCS_POLICY, 'cache-control': 'no-cache' })
    .type(`${type}; charset=utf-8`)
    .send(text);
}
