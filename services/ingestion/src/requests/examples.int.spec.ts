import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildOpenApi } from '@regulars/http';
import { startIngestion, type IngestionApi } from '../ingestion-harness.spec.js';

let api: IngestionApi;
beforeAll(async () => {
  api = await startIngestion();
});
afterAll(() => api.close());

describe('the examples of the docs', () => {
  it('are accepted, every one, as they stand there', async () => {
    const { paths } = buildOpenApi(api.app, 'ingestion');
    const { body: purchase } = await api.post('/v1/purchases', exampleOf('/v1/purchases'));
    const ids = { '{id}': String(purchase['id']), '{productId}': 'case-7' };
    const mutating = Object.entries(paths).flatMap(([path, item]) =>
      (['post', 'put'] as const)
        .filter((method) => item[method])
        .map((method) => ({ path, method })),
    );
    // A consent needs the customer of the customer's example.
    const ordered = mutating.sort(
      (a, b) => Number(a.path === '/v1/consents') - Number(b.path === '/v1/consents'),
    );
    for (const { path, method } of ordered) {
      const url = Object.entries(ids).reduce((text, [name, id]) => text.replace(name, id), path);
      const reply = await api.send(method.toUpperCase(), url, exampleOf(path, method));
      expect([path, [200, 201].includes(reply.status), reply.body]).toEqual([
        path,
        true,
        reply.body,
      ]);
    }

    function exampleOf(path: string, method: 'post' | 'put' = 'post'): unknown {
      const operation = paths[path]?.[method];
      const { requestBody } = operation as {
        requestBody?: { content: Record<string, { schema: { example: unknown } }> };
      };
      return requestBody?.content['application/json']?.schema.example;
    }
  });
});
