import { eventually } from '@regulars/testing';
import { isAlive } from '../../e2e/house/alive.ts';
import { postmaster } from '../../e2e/house/standalone-house.ts';
import { PATIENCE_MS } from '../run/patience.ts';
import { provePostgresCrashes } from '../run/prove-postgres-crashes.ts';
import { standalone } from '../run/scenes.ts';

// Whoever runs the embedded one starts it again.
provePostgresCrashes('R3.standalone', standalone, async ({ house }) => {
  const { pid } = await postmaster(house.folder);
  process.kill(pid, 'SIGQUIT');
  await eventually(() => !isAlive(pid), { withinMs: PATIENCE_MS });
});
