import { Module } from '@nestjs/common';
import { ModelCatalog } from './models/model-catalog.use-case.js';
import { BacktestsController } from './models/backtests.controller.js';
import { BacktestJobs } from './models/backtest-jobs.use-case.js';
import { OnBacktestDue } from './models/on-backtest-due.js';
import { DriftWatch } from './models/drift-watch.use-case.js';
import { FitJobs } from './models/fit-jobs.use-case.js';
import { ModelStanding } from './models/model-standing.use-case.js';
import { ModelThreads } from './models/model-threads.use-case.js';
import { ModelMetrics } from './models/model.metrics.js';
import { OnFitDue } from './models/on-fit-due.js';
import { ModelsController } from './models/models.controller.js';
import { OnProducts } from './models/on-products.js';
import { OnRefitDue } from './models/on-refit-due.js';
import { OnRescoreDue } from './models/on-rescore-due.js';
import { RefitGrowth } from './models/refit-growth.use-case.js';
import { Refits } from './models/refits.use-case.js';
import { ForecastMetrics } from './next-purchase/forecast.metrics.js';
import { ForecastsController } from './next-purchase/forecasts.controller.js';
import { NextPurchases } from './next-purchase/next-purchases.use-case.js';
import { NowForecasts } from './next-purchase/now-forecasts.use-case.js';
import { OnCustomers } from './purchase-history/on-customers.js';
import { OnPurchases } from './purchase-history/on-purchases.js';

@Module({
  controllers: [
    OnPurchases,
    OnCustomers,
    OnProducts,
    ForecastsController,
    ModelsController,
    BacktestsController,
  ],
  providers: [
    ModelCatalog,
    ForecastMetrics,
    NextPurchases,
    NowForecasts,
    Refits,
    ModelStanding,
    ModelThreads,
    FitJobs,
    DriftWatch,
    BacktestJobs,
    OnBacktestDue,
    ModelMetrics,
    OnFitDue,
    RefitGrowth,
    OnRefitDue,
    OnRescoreDue,
  ],
})
export class PredictionModule {}
