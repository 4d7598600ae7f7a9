import { withoutFile } from './secret-variables.js';
import type { Env } from './variables.js';

/** Variables of the frame, the same for every service. */
const FRAME = [
  'REGULARS_DATABASE_URL',
  'REGULARS_KAFKA_BROKERS',
  'REGULARS_KAFKA_SESSION_TIMEOUT_MS',
  'REGULARS_PORT',
  'REGULARS_HOST',
  'REGULARS_MANAGEMENT_PORT',
  'REGULARS_API_KEYS_FILE',
  'REGULARS_TIME_ZONE',
  'REGULARS_CURRENCY',
  'REGULARS_DEFAULT_COUNTRY',
  'REGULARS_CLOCK',
  'REGULARS_LOG_LEVEL',
  'REGULARS_SHUTDOWN_GRACE_MS',
  'REGULARS_RATE_LIMIT_PER_MINUTE',
  'REGULARS_REQUESTS_AT_ONCE',
  'REGULARS_OUTBOX_MAX_ROWS',
  'REGULARS_OUTBOX_MAX_AGE_S',
  'REGULARS_BODY_LIMIT',
  'REGULARS_DOCS',
  'REGULARS_TRUSTED_PROXIES',
];

/** Variables that a part of a service reads and checks itself; they are handed on. */
const HANDED_ON = [
  'REGULARS_COMPANY_NAME',
  'REGULARS_SMTP_URL',
  'REGULARS_SMTP_FROM',
  'REGULARS_WEBHOOK_URL',
  'REGULARS_WEBHOOK_SECRET',
  'REGULARS_OUTBOUND_ALLOW',
];

const SERVICES = ['INGESTION', 'PREDICTION', 'SEGMENTATION', 'CAMPAIGNS', 'METRICS', 'STANDALONE'];

/** Tests, tools, the command line and compose read these; no service does. */
const TOOLS =
  /^REGULARS_(TEST_|CACHE$|URL$|API_KEY$|FIRST_(SERVICE|MANAGEMENT)_PORT$|(GATEWAY|PROMETHEUS|MAIL)_PORT$)/;

/** One line for each `REGULARS_*` that nobody reads: a misspelled setting must not be silently the default. */
export function unknownVariables(env: Env): string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith('REGULARS_') && !isKnown(name))
    .map((name) => {
      const near = nearest(withoutFile(name));
      return near === undefined
        ? `${name} is not a setting of Regulars. Remove it.`
        : `${name} is not a setting of Regulars. Did you mean ${near}?`;
    });
}

/** What is handed on to the parts of a service: their settings, by name. */
export function isHandedOn(name: string): boolean {
  return HANDED_ON.includes(name) || ofService(name);
}

function isKnown(name: string): boolean {
  const plain = withoutFile(name);
  return FRAME.includes(name) || FRAME.includes(plain) || isHandedOn(plain) || TOOLS.test(name);
}

function ofService(name: string): boolean {
  return SERVICES.some((service) => name.startsWith(`REGULARS_${service}_`));
}

function nearest(name: string): string | undefined {
  const ranked = [...FRAME, ...HANDED_ON]
    .map((known) => ({ known, distance: editDistance(name, known) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best !== undefined && best.distance <= 4 ? best.known : undefined;
}

/** Levenshtein, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
