import { eventually } from '@regulars/testing';
import { sql } from '@regulars/persistence';
import { sumOf } from '../../e2e/house/series.ts';
import type { House } from '../../e2e/house/house.ts';
import type { Ground, Scene } from './fault-run.ts';
import { proveRun } from './prove-run.ts';
import type { Provider } from './provider.ts';
import { startWebhookSink } from './webhook-sink.ts';
import { PATIENCE_MS } from './patience.ts';

/** The first pause of the schedule (`afterSend` of campaigns). */
const PAUSE_MS = 60_000;
/** What a call that hangs takes of the provider's time-out, before the pause begins. */
const HANGS_MS = 10_000;
const EACH_ANSWER = 4;
const kindsOfTrouble = 8;

/** Calls that hang must not keep the others waiting. */
const many = { REGULARS_CAMPAIGNS_DISPATCH_CONCURRENCY: '40' };

/** R15: a provider that does everything but what it should. */
export function proveTroubledProvider(
  name: string,
  open: (ground: Ground) => Promise<Scene>,
): void {
  proveRun('a provider that errs, hangs, drips and breaks off gets each message once', {
    name,
    load: { customers: 400, perSecond: 10, ofToday: 1 },
    expected: { leastOperations: 150, uncertain: false },
    open: async (ground) => {
      const company = await startWebhookSink((webhook) => ground.provider.onWebhook(webhook));
      const scene = await open({ ...ground, env: { ...ground.env, ...company.env, ...many } });
      return { ...scene, stop: () => scene.stop().then(() => company.close()) };
    },
    harm: async ({ house, provider, journal }) => {
      await thankByWebhook(house);
      provider.makeTrouble(EACH_ANSWER);
      await eventually(
        () => {
          const given = [...provider.given()].filter(([answer]) => answer !== 'take');
          return given.length >= kindsOfTrouble && given.every(([, times]) => times >= EACH_ANSWER);
        },
        { withinMs: PATIENCE_MS },
      );
      for (const [answer, times] of provider.given())
        journal.fault(`the provider answered "${answer}" ${String(times)} times`);
      await eventually(async () => (await waiting(house)) === 0, { withinMs: PATIENCE_MS });
    },
    also: async ({ house, provider }) => [
      ...onSchedule(provider),
      ...(await unknownCounted(house, provider)),
    ],
  });
}

async function thankByWebhook(house: House): Promise<void> {
  const { id } = await house.api.post<{ id: string }>('/v1/campaigns', {
    name: 'Tell our own system',
    audience: { segments: ['new', 'one-time', 'periodic', 'regular', 'lost'] },
    trigger: { kind: 'purchase' },
    ladder: [0, 40, 80].map((day) => ({ day, directness: 'presence', channel: 'webhook' })),
  });
  await house.api.post(`/v1/campaigns/${id}/start`);
}

/** Touches that will be tried again soon; some wait for days, since others have filled the cap meanwhile. */
async function waiting(house: House): Promise<number> {
  const rows = await house.rows(sql`
    select count(*) from campaigns.touches
    where attempts > 0 and state in ('planned', 'deferred') and reason <> 'frequency-cap' or
      attempts > 1 and state = 'sending'`);
  return Number(rows[0]?.['count']);
}

/**
 * No try comes before its time, and a quarter of them within a tenth of it: a busy machine may be late with many, and
 * it sees a call that then hangs a while after whoever waits for its end has begun to count.
 */
function onSchedule({ attempts }: Provider): string[] {
  const pauses = [...attempts.values()].flatMap(([first, second]) => {
    if (!first || !second) return [];
    const hangs = first.answer === 'hang';
    return [{ hangs, ms: second.at - first.at - (hangs ? HANGS_MS : 0) }];
  });
  const sorted = pauses.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const early = pauses.filter(({ hangs, ms }) => ms < PAUSE_MS - (hangs ? HANGS_MS / 2 : 500));
  const quarter = sorted[Math.floor(sorted.length / 4)] ?? 0;
  const inSeconds = (ms: number): string => (ms / 1_000).toFixed(1);
  return [
    ...(sorted.length === 0 ? ['nothing was tried again'] : []),
    ...early.map(({ ms }) => `a try came after ${inSeconds(ms)} s already`),
    ...(quarter > PAUSE_MS * 1.1 ? [`of four tries three took over ${inSeconds(quarter)} s`] : []),
  ];
}

/** A mail that was taken and never answered may have arrived: it stays unknown, is counted so, and never goes again. */
async function unknownCounted(house: House, { attempts }: Provider): Promise<string[]> {
  const hung = [...attempts].filter(
    ([, [first]]) => first?.answer === 'hang' && first.channel === 'email',
  );
  const rows = await house.rows(
    sql`select id from campaigns.touches where state = 'unknown' and channel = 'email'`,
  );
  const unknown = new Set(rows.map(({ id }) => String(id)));
  const counted = sumOf(
    (await house.scrape()).filter(
      // Where touches are made: metrics counts them once more where their events arrive.
      ({ labels: { service, outcome, channel } }) =>
        service === 'campaigns' && outcome === 'unknown' && channel === 'email',
    ),
    'regulars_touches_total',
  );
  return [
    ...hung
      .filter(([key, tries]) => !unknown.has(key) || tries.length > 1)
      .map(([key]) => `${key} hung and is not unknown, or went again`),
    ...(counted === unknown.size
      ? []
      : [`${String(counted)} unknown touches are counted, ${String(unknown.size)} stand`]),
  ];
}
