import type { ServiceDefinition } from '@regulars/service';
import { ConsentEntity, ConsentRecordEntity } from './consents/consent.entities.js';
import {
  CustomerEntity,
  IdentityConflictEntity,
  IdentityEntity,
} from './customers/customer.entities.js';
import { IngestionModule } from './ingestion.module.js';
import { IngestionInit1764000001000 } from './migrations/ingestion-init.migration.js';
import { ProductEntity } from './products/product.entity.js';
import { PurchaseEntity, RefundEntity } from './purchases/purchase.entities.js';

/** Takes in customers, consents, products and purchases, and tells the others. */
export const ingestion: ServiceDefinition = {
  name: 'ingestion',
  module: IngestionModule,
  entities: [
    CustomerEntity,
    IdentityEntity,
    IdentityConflictEntity,
    ConsentEntity,
    ConsentRecordEntity,
    ProductEntity,
    PurchaseEntity,
    RefundEntity,
  ],
  migrations: [IngestionInit1764000001000],
  readsByIndex: true,
  refusesUnderLoad: true,
  // Under load only: purchases come a few at a time, and a relay that runs after each takes a fifth of the machine.
  publishEveryMs: 25,
};
