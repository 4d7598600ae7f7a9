import { proveKills } from '../run/prove-kills.ts';
import { distributed } from '../run/scenes.ts';

proveKills('R1.distributed', distributed);
