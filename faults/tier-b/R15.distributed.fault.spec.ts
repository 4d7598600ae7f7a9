import { proveTroubledProvider } from '../run/prove-troubled-provider.ts';
import { distributed } from '../run/scenes.ts';

proveTroubledProvider('R15.distributed', distributed);
