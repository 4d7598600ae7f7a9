import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { closedFolderAbove } from './within-reach.js';

describe('closedFolderAbove', () => {
  let base: string;
  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'within-reach-'));
    await chmod(base, 0o755);
    await mkdir(join(base, 'home', 'data'), { recursive: true });
  });
  afterEach(() => rm(base, { recursive: true }));

  it('finds the folder that lets only its owner in', async () => {
    await chmod(join(base, 'home'), 0o700);
    expect(await closedFolderAbove(join(base, 'home', 'data', 'postgres'))).toBe(
      join(base, 'home'),
    );
  });

  it('is content with folders that can be passed through but not read', async () => {
    await chmod(join(base, 'home'), 0o711);
    expect(await closedFolderAbove(join(base, 'home', 'data', 'postgres'))).toBeUndefined();
  });
});
