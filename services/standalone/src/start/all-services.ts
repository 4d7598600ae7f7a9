import { campaigns } from '@regulars/campaigns';
import { ingestion } from '@regulars/ingestion';
import { metrics } from '@regulars/metrics';
import { prediction } from '@regulars/prediction';
import { segmentation } from '@regulars/segmentation';
import type { ServiceDefinition } from '@regulars/service';

export const allServices: readonly ServiceDefinition[] = [
  ingestion,
  prediction,
  segmentation,
  campaigns,
  metrics,
];
