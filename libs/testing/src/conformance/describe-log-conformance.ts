import { afterAll, beforeAll, describe } from '@jest/globals';
import type { LogFeatures } from '@regulars/messaging';
import { describeCompaction } from './compaction-conformance.js';
import { describeEffects } from './effects-conformance.js';
import { describeFailures } from './failures-conformance.js';
import { describeHeaders } from './headers-conformance.js';
import { describeLimits } from './limits-conformance.js';
import { describeOrder } from './order-conformance.js';
import { describeOutages } from './outage-conformance.js';
import { describeProgress } from './progress-conformance.js';
import type { LogProvider } from './provider.js';
import { describeRecords } from './records-conformance.js';
import { describeStress } from './stress-conformance.js';
import { describeRedrive } from './redrive-conformance.js';

/** How the tests reach the provider, which exists only once `beforeAll` has run. */
export interface Suite {
  readonly features: LogFeatures;
  provider(): LogProvider;
}

/**
 * What every log must hold (M numbers are in the names of the tests). `features` are those that the
 * adapter declares: what needs an absent one is skipped, and its name says which.
 */
export function describeLogConformance(
  name: string,
  features: LogFeatures,
  open: () => Promise<LogProvider & { end(): Promise<void> }>,
): void {
  describe(`${name} as a log`, () => {
    let opened: (LogProvider & { end(): Promise<void> }) | undefined;
    const suite: Suite = {
      features,
      provider: () => {
        if (!opened) throw new Error(`${name} did not start.`);
        return opened;
      },
    };
    beforeAll(async () => {
      opened = await open();
    }, 300_000);
    afterAll(() => opened?.end(), 30_000);

    describeRecords(suite);
    describeProgress(suite);
    describeOrder(suite);
    describeEffects(suite);
    describeFailures(suite);
    describeRedrive(suite);
    describeLimits(suite);
    describeHeaders(suite);
    describeCompaction(suite);
    describeOutages(suite);
    describeStress(suite);
  });
}
