import { Module } from '@nestjs/common';
import { OnForecastRecords } from './forecast-record/on-forecast-records.js';
import { ReportGauges } from './gauges/report-gauges.metrics.js';
import { TouchMetrics } from './gauges/touch.metrics.js';
import { OnCustomers } from './ledger/on-customers.js';
import { OnPurchases } from './ledger/on-purchases.js';
import { OnSegments } from './ledger/on-segments.js';
import { OnTouches } from './ledger/on-touches.js';
import { PurchaseReportsController } from './reports/purchase-reports.controller.js';
import { ReportCalendar } from './reports/report-calendar.provider.js';
import { ReportsController } from './reports/reports.controller.js';

@Module({
  controllers: [
    OnPurchases,
    OnSegments,
    OnTouches,
    OnCustomers,
    OnForecastRecords,
    PurchaseReportsController,
    ReportsController,
  ],
  providers: [ReportCalendar, ReportGauges, TouchMetrics],
})
export class MetricsModule {}
