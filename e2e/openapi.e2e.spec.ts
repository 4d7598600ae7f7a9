import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startStandaloneHouse, type StandaloneHouse } from './house.ts';

jest.setTimeout(180_000);

const snapshot = join(import.meta.dirname, '../docs/openapi/openapi.json');

interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, { readonly operationId: string }>>;
  readonly components: { readonly schemas: Record<string, unknown> };
}

describe('the OpenAPI document', () => {
  let house: StandaloneHouse;
  let document: Document;
  beforeAll(async () => {
    house = await startStandaloneHouse();
    document = (await (await fetch(`${house.api.address}/openapi.json`)).json()) as Document;
  });
  afterAll(() => house.stop());

  it('is the one under docs/openapi: a change of the API is seen in review', async () => {
    if (process.env['UPDATE_OPENAPI'] === '1') {
      await mkdir(dirname(snapshot), { recursive: true });
      await writeFile(snapshot, `${JSON.stringify(document, null, 2)}\n`);
    }
    const known = JSON.parse(await readFile(snapshot, 'utf8')) as Document;
    // A difference that is meant: npm run openapi:update
    expect(document).toEqual(known);
  });

  it('gives every operation an id of its own, over all services', () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    const ids = Object.values(document.paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    );
    expect(ids.length).toBeGreaterThan(30);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('refers only to schemas that are there', () => {
    const names = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)];
    const missing = names
      .map(([, name = '']) => name)
      .filter((name) => !(name in document.components.schemas));
    expect([...new Set(missing)]).toEqual([]);
  });
});
