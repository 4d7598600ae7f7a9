import { readdir } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { defects } from './defects.ts';
import { checkPatch } from './patches.ts';

describe('planted defects', () => {
  it('have one patch each, and the patches one defect each', async () => {
    const files = await readdir(new URL('.', import.meta.url));
    const patches = files.filter((name) => name.endsWith('.patch')).sort();
    expect(patches).toEqual(defects.map(({ id }) => `${id}.patch`).sort());
  });

  it.each(defects.map(({ id }) => id))('%s still fits the sources', async (id) => {
    await checkPatch(id);
  });
});
