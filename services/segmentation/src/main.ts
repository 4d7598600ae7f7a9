import { runService } from '@regulars/service';
import { segmentation } from './segmentation.js';

await runService(segmentation);
