import { PurchaseItem } from '@regulars/ingestion';
import { tellAddress } from '../lib/own-process.ts';
import { startBareServer } from './bare-http.ts';

/** H as a process: checks a purchase and answers. */
tellAddress((await startBareServer(PurchaseItem)).address);
