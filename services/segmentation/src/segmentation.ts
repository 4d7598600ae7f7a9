import type { ServiceDefinition } from '@regulars/service';
import {
  ForecastEntity,
  MembershipEntity,
  SegmentChangeEntity,
} from './cycle-segment/segment.entity.js';
import { CustomerEntity, OrderEntity } from './customer-facts/customer.entity.js';
import { SegmentationInit1764000001300 } from './migrations/segmentation-init.js';
import { SegmentationModule } from './segmentation.module.js';

export const segmentation: ServiceDefinition = {
  name: 'segmentation',
  module: SegmentationModule,
  entities: [CustomerEntity, OrderEntity, ForecastEntity, MembershipEntity, SegmentChangeEntity],
  migrations: [SegmentationInit1764000001300],
};
