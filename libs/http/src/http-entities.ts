import { IdempotencyKeyEntity } from './idempotency-key.entity.js';
import { HttpInit1764000000001 } from './idempotency.migration.js';

/** Tables that every service has because of its API. */
export const httpEntities = [IdempotencyKeyEntity];
export const httpMigrations = [HttpInit1764000000001];
