import { Inject, Injectable } from '@nestjs/common';
import { CLOCK } from '@regulars/config';
import type { Clock, Result } from '@regulars/kernel';
import { IngestionConfig } from '../ingestion.config.js';
import type { Refusal } from '../requests/refusal.js';
import { readPurchase, type NewPurchase } from './read-purchase.js';

/** Reads purchases by the company's settings and the service's clock. */
@Injectable()
export class PurchaseReader {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly config: IngestionConfig,
  ) {}

  read(body: unknown): Result<NewPurchase, Refusal> {
    const { defaultCountry, zoneOf } = this.config;
    return readPurchase(body, { now: this.clock.now(), defaultCountry, zoneOf });
  }
}
