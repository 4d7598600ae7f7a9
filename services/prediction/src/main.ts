import { runService } from '@regulars/service';
import { prediction } from './prediction.js';

await runService(prediction);
