import { runService } from '@regulars/service';
import { campaigns } from './campaigns.js';

await runService(campaigns);
