import { Module } from '@nestjs/common';
import { ConsentsController } from './consents/consents.controller.js';
import { OnTouch } from './consents/on-touch.js';
import { CustomersController } from './customers/customers.controller.js';
import { IngestionConfig } from './ingestion.config.js';
import { IngestionMetrics } from './ingestion.metrics.js';
import { ProductsController } from './products/products.controller.js';
import { Batches } from './requests/batches.http.js';
import { ImportPause } from './requests/import-pause.http.js';
import { PurchaseDesk } from './purchases/purchase-desk.use-case.js';
import { PurchaseReader } from './purchases/purchase-reader.use-case.js';
import { PurchasesController } from './purchases/purchases.controller.js';

@Module({
  controllers: [
    CustomersController,
    ConsentsController,
    ProductsController,
    PurchasesController,
    OnTouch,
  ],
  providers: [
    IngestionConfig,
    IngestionMetrics,
    Batches,
    ImportPause,
    PurchaseDesk,
    PurchaseReader,
  ],
})
export class IngestionModule {}
