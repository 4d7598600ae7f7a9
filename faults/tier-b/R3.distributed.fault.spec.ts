import { provePostgresCrashes } from '../run/prove-postgres-crashes.ts';
import { distributedOnOwnPostgres } from '../run/scenes.ts';

provePostgresCrashes('R3.distributed', distributedOnOwnPostgres, async ({ postgres }) => {
  await postgres.crash();
  await postgres.restart();
});
