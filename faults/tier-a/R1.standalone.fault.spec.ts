import { proveKills } from '../run/prove-kills.ts';
import { standalone } from '../run/scenes.ts';

proveKills('R1.standalone', standalone);
