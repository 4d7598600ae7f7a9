import type { ServiceConfig } from '@regulars/config';
import { RegularsError } from '@regulars/kernel';
import type { FrequencyCap } from './guardrails/frequency-cap.js';
import { parseQuietHours, type QuietHours } from './guardrails/quiet-hours.js';

export const CAMPAIGN_SETTINGS = Symbol('CAMPAIGN_SETTINGS');

/** What holds for all campaigns of the company. */
export interface CampaignSettings {
  readonly companyName: string;
  /** Zone of customers without one of their own. */
  readonly companyZone: string;
  readonly companyCurrency: string;
  readonly quietHours: QuietHours;
  readonly frequencyCap: FrequencyCap;
  /** Provider calls at a time. */
  readonly dispatchConcurrency: number;
  /** Nothing is reserved while unread purchases or consents are older than this. */
  readonly behindLimitMs: number;
  /** How often a person tries again when nobody was reached. */
  readonly callAttempts: number;
}

/**
 * From REGULARS_COMPANY_NAME and REGULARS_CAMPAIGNS_QUIET_HOURS ("21:00-09:00"), _CAP_TOUCHES (3), _CAP_DAYS (14),
 * _DISPATCH_CONCURRENCY (16), _BEHIND_LIMIT_S (60), _CALL_ATTEMPTS (3).
 * @throws RegularsError `bad-configuration`
 */
export function campaignSettings(
  config: Pick<ServiceConfig, 'timeZone' | 'currency' | 'env'>,
): CampaignSettings {
  const { env } = config;
  const quietHours = parseQuietHours(env['REGULARS_CAMPAIGNS_QUIET_HOURS'] ?? '21:00-09:00');
  if (!quietHours)
    throw bad('REGULARS_CAMPAIGNS_QUIET_HOURS must be two times such as 21:00-09:00.');
  return Object.freeze({
    companyName: env['REGULARS_COMPANY_NAME'] ?? 'Your shop',
    companyZone: config.timeZone,
    companyCurrency: config.currency,
    quietHours,
    frequencyCap: {
      touches: number(env, 'CAP_TOUCHES', 3, 1, 100),
      days: number(env, 'CAP_DAYS', 14, 1, 365),
    },
    dispatchConcurrency: number(env, 'DISPATCH_CONCURRENCY', 16, 1, 200),
    behindLimitMs: number(env, 'BEHIND_LIMIT_S', 60, 1, 86_400) * 1_000,
    callAttempts: number(env, 'CALL_ATTEMPTS', 3, 1, 20),
  });
}

function number(
  env: ServiceConfig['env'],
  name: string,
  standard: number,
  min: number,
  max: number,
): number {
  const variable = `REGULARS_CAMPAIGNS_${name}`;
  const text = env[variable] ?? '';
  if (text === '') return standard;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw bad(`${variable} must be a whole number from ${String(min)} to ${String(max)}.`);
}

function bad(message: string): RegularsError {
  return new RegularsError('bad-configuration', message);
}
