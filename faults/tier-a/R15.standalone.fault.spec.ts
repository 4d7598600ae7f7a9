import { proveTroubledProvider } from '../run/prove-troubled-provider.ts';
import { standalone } from '../run/scenes.ts';

proveTroubledProvider('R15.standalone', standalone);
