import { Module } from '@nestjs/common';
import { Decisions } from './cycle-segment/decisions.use-case.js';
import { OnBoundary } from './cycle-segment/on-boundary.js';
import { OnForecasts } from './cycle-segment/on-forecasts.js';
import { SegmentMetrics } from './cycle-segment/segment.metrics.js';
import { SegmentsController } from './cycle-segment/segments.controller.js';
import { OnCustomers } from './customer-facts/on-customers.js';
import { OnPurchases } from './customer-facts/on-purchases.js';

@Module({
  controllers: [OnForecasts, OnCustomers, OnPurchases, SegmentsController],
  providers: [Decisions, SegmentMetrics, OnBoundary],
})
export class SegmentationModule {}
