import { proveHeld } from '../run/prove-held.ts';
import { distributedOnOwnPostgres } from '../run/scenes.ts';

proveHeld('R11.distributed', distributedOnOwnPostgres, ({ house }) => house.databaseUrl);
