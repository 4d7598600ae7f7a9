import { it } from '@jest/globals';
import type { LogFeatures } from '@regulars/messaging';
import type { Suite } from './describe-log-conformance.js';
import { Scene } from './scene.js';

/** How long a test waits for what must come, where a machine that others keep busy needs longer than `eventually` gives. */
export const PATIENCE_MS = 90_000;
/** For what hangs. What a test waits for has limits of its own; this one is behind all of them together. */
const WITHIN_MS = 300_000;

/** One test of the suite in a scene of its own. */
export function holds(
  suite: Suite,
  id: string,
  what: string,
  test: (scene: Scene) => Promise<void>,
  needs?: keyof LogFeatures,
): void {
  if (needs !== undefined && !suite.features[needs]) {
    it.skip(`${id} ${what} [skipped: the adapter declares no ${needs}]`, () => undefined);
    return;
  }
  it(
    `${id} ${what}`,
    async () => {
      const scene = await Scene.set(suite.provider(), id);
      try {
        await test(scene);
      } finally {
        await scene.end();
      }
    },
    WITHIN_MS,
  );
}
