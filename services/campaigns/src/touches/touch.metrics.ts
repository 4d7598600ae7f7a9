import { Injectable } from '@nestjs/common';
import { MetricsRegistry } from '@regulars/observability';
import { deferReasons, skipReasons } from '../guardrails/reasons.js';
import type { TouchChange } from './touch.js';

const channels = ['email', 'sms', 'telegram', 'whatsapp', 'viber', 'webhook', 'task', 'audience'];
const outcomes = {
  TouchPlanned: 'planned',
  TouchDeferred: 'deferred',
  TouchSkipped: 'skipped',
  TouchCaptured: 'captured',
  TouchSending: 'sending',
  TouchSent: 'sent',
  TouchDelivered: 'delivered',
  TouchFailed: 'failed',
  TouchUnknown: 'unknown',
} as const;

/** Touches by what became of them; every series stands at zero before the first one. */
@Injectable()
export class TouchMetrics {
  private readonly touches;
  private readonly skipped;
  private readonly deferred;
  private readonly consentDelay;

  constructor(metrics: MetricsRegistry) {
    this.touches = metrics.counter(
      'regulars_touches_total',
      'Touches by channel and what became of them.',
      ['channel', 'outcome'],
    );
    this.skipped = metrics.counter('regulars_touches_skipped_total', 'Skipped touches by reason.', [
      'reason',
    ]);
    this.deferred = metrics.counter('regulars_touches_deferred_total', 'Deferrals by reason.', [
      'reason',
    ]);
    this.consentDelay = metrics.histogram(
      'regulars_consent_delay_seconds',
      'From the record of a consent to its arrival where it is checked.',
      [0.1, 0.5, 1, 5, 15, 60, 300, 3600],
    );
    for (const channel of channels)
      for (const outcome of [...Object.values(outcomes), 'answered'])
        this.touches.inc({ channel, outcome }, 0);
    for (const reason of skipReasons) this.skipped.inc({ reason }, 0);
    for (const reason of deferReasons) this.deferred.inc({ reason }, 0);
  }

  count(changes: readonly TouchChange[]): void {
    for (const { touch, type } of changes) {
      this.touches.inc({ channel: touch.channel, outcome: outcomes[type] });
      if (type === 'TouchSkipped') this.skipped.inc({ reason: touch.reason });
      if (type === 'TouchDeferred') this.deferred.inc({ reason: touch.reason });
    }
  }

  answered(channel: string): void {
    this.touches.inc({ channel, outcome: 'answered' });
  }

  consentArrived(seconds: number): void {
    this.consentDelay.observe(Math.max(0, seconds));
  }
}
