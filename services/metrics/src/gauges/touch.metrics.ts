import { Injectable } from '@nestjs/common';
import type { Channel } from '@regulars/contracts';
import { MetricsRegistry } from '@regulars/observability';
import { touchOutcomes, type Touch } from '../ledger/customer-history.js';

const channels: readonly Channel[] = [
  'email',
  'sms',
  'telegram',
  'whatsapp',
  'viber',
  'webhook',
  'task',
  'audience',
];

/** Touch events by channel and outcome; all combinations stand at zero before traffic. */
@Injectable()
export class TouchMetrics {
  private readonly touches;

  constructor(registry: MetricsRegistry) {
    this.touches = registry.counter(
      'regulars_touches_total',
      'Touches that came into a state, by channel and outcome.',
      ['channel', 'outcome'],
    );
    for (const channel of channels) {
      for (const outcome of touchOutcomes) this.touches.inc({ channel, outcome }, 0);
    }
  }

  count({ channel, outcome }: Touch): void {
    this.touches.inc({ channel, outcome });
  }
}
