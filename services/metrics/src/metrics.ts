import type { ServiceDefinition } from '@regulars/service';
import { ForecastRecordEntity } from './forecast-record/forecast-record.entity.js';
import {
  CustomerEntity,
  OrderEntity,
  SegmentEventEntity,
  TouchEntity,
} from './ledger/ledger.entity.js';
import { MetricsModule } from './metrics.module.js';
import { MetricsInit1764000001500 } from './migrations/metrics-init.js';
import {
  MembershipDeltaEntity,
  PurchaseTotalEntity,
  RevenueTotalEntity,
  TouchPurchaseEntity,
  TouchTotalEntity,
} from './totals/totals.entity.js';

export const metrics: ServiceDefinition = {
  name: 'metrics',
  module: MetricsModule,
  entities: [
    CustomerEntity,
    OrderEntity,
    SegmentEventEntity,
    TouchEntity,
    PurchaseTotalEntity,
    RevenueTotalEntity,
    MembershipDeltaEntity,
    TouchTotalEntity,
    TouchPurchaseEntity,
    ForecastRecordEntity,
  ],
  migrations: [MetricsInit1764000001500],
};
