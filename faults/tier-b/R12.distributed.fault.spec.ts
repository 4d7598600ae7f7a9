import { provePoison } from '../run/prove-poison.ts';
import { distributed } from '../run/scenes.ts';

provePoison('R12.distributed', distributed);
