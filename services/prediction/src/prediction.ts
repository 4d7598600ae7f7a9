import type { ServiceDefinition } from '@regulars/service';
import { BacktestEntity } from './models/backtest.entity.js';
import { LiveRecordEntity } from './models/live-record.entity.js';
import { ModelEntity } from './models/model.entity.js';
import { RescoringEntity } from './models/rescoring.entity.js';
import { ProductEntity, StatedCycleEntity } from './models/stated-cycle.entity.js';
import { CategoryForecastEntity } from './next-purchase/category-forecast.entity.js';
import { ForecastEntity } from './next-purchase/forecast.entity.js';
import {
  PredictionGate1764000001001,
  PredictionInit1764000001000,
  PredictionRecord1764000001002,
  PredictionState1764000001003,
} from './prediction.migration.js';
import { PredictionModule } from './prediction.module.js';
import { CustomerEntity } from './purchase-history/customer.entity.js';
import { LedgerOrderEntity } from './purchase-history/ledger-order.entity.js';

export const prediction: ServiceDefinition = {
  name: 'prediction',
  module: PredictionModule,
  entities: [
    CustomerEntity,
    LedgerOrderEntity,
    ForecastEntity,
    CategoryForecastEntity,
    ModelEntity,
    RescoringEntity,
    BacktestEntity,
    LiveRecordEntity,
    StatedCycleEntity,
    ProductEntity,
  ],
  migrations: [
    PredictionInit1764000001000,
    PredictionGate1764000001001,
    PredictionRecord1764000001002,
    PredictionState1764000001003,
  ],
};
