import { runService } from '@regulars/service';
import { metrics } from './metrics.js';

await runService(metrics);
