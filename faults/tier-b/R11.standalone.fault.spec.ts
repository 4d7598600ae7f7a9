import { proveHeld } from '../run/prove-held.ts';
import { standaloneOnLines } from '../run/scenes.ts';

proveHeld('R11.standalone', standaloneOnLines, ({ databaseUrl }) => databaseUrl);
