import { runService } from '@regulars/service';
import { ingestion } from './ingestion.js';

await runService(ingestion);
