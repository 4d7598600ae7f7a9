import type { EventLog } from '@regulars/messaging';
import { Dice } from '@regulars/testing';
import { afternoonZone, openShop } from '../../e2e/house/busy-day.ts';
import type { House } from '../../e2e/house/house.ts';
import { startMailSink, type MailSink } from '../../e2e/house/mail-sink.ts';
import { checkHistory, type Verdict } from '../checker/check-history.ts';
import type { Expected } from '../checker/history.ts';
import { Clients, type Load } from './clients.ts';
import { Journal } from './journal.ts';
import { Provider } from './provider.ts';
import { purchaseRecords } from './purchase-records.ts';
import { settle } from './settle.ts';
import { sumsOf } from './sums.ts';
import { toHistory } from './to-history.ts';
import { placeWitness, whatWasSeen } from './witness.ts';

/** What a run is made on. */
export interface Scene<H extends House = House> {
  readonly house: H;
  /** Opened anew: an embedded Postgres has another port after each orderly start. The scene closes it. */
  log(): Promise<EventLog>;
  stop(): Promise<void>;
}

export interface Ground {
  readonly mail: MailSink;
  readonly provider: Provider;
  readonly random: Dice;
  readonly journal: Journal;
  /** Settings that every house of a run has. */
  readonly env: Readonly<Record<string, string>>;
}

export interface RunOptions<S extends Scene> {
  /** As in the fault matrix, with the mode: `R1.standalone`. */
  readonly name: string;
  readonly load?: Partial<Load>;
  readonly expected?: Partial<Expected>;
  open(ground: Ground): Promise<S>;
  /** Breaks things while the load runs, and tells the journal. Resolves when nothing is broken any more. */
  harm(run: Underway<S>): Promise<void>;
  /** What must hold beside the checker's anomalies; sentences of what does not. */
  also?(run: Underway<S>): Promise<string[]>;
}

export interface Underway<S extends Scene = Scene> extends Ground {
  readonly scene: S;
  readonly house: S['house'];
  readonly clients: Clients;
}

export interface Outcome {
  readonly verdict: Verdict;
  readonly green: boolean;
  /** The line of counts, and what went wrong. */
  readonly report: string;
}

const everyEffect: Expected['consumers'] = {
  ingestion: ['purchase', 'refund'],
  prediction: ['purchase', 'refund'],
  campaigns: ['purchase', 'refund'],
  'campaigns (consents)': ['opt-out'],
};
/** Load, fault, drain, checker. A red run keeps its history. */
export async function faultRun<S extends Scene>(
  options: RunOptions<S>,
  seed: number,
): Promise<Outcome> {
  const random = new Dice(seed);
  const journal = new Journal(options.name, seed);
  const opened: (() => Promise<void>)[] = [];
  const began = performance.now();
  let outcome: Outcome | undefined;
  try {
    const provider = new Provider(journal, random);
    const mail = await startMailSink((mail) => provider.onMail(mail));
    opened.push(() => mail.close());
    const env = {
      REGULARS_TIME_ZONE: afternoonZone,
      REGULARS_SMTP_URL: mail.url,
      REGULARS_SMTP_FROM: 'hello@shop.example',
      // On a slow machine touches would be put off for ten minutes while purchases wait: here they are to leave.
      REGULARS_CAMPAIGNS_BEHIND_LIMIT_S: '3600',
    };
    const ground = { mail, provider, random, journal, env };
    const scene = await options.open(ground);
    opened.push(() => scene.stop());
    const load = { customers: 200, perSecond: 40, givesUp: 0.1, ofToday: 0.2, ...options.load };
    await openShop(scene.house, load.customers);
    await placeWitness(scene.house);

    const clients = new Clients(scene.house.api, journal, random, load);
    const run = { ...ground, scene, house: scene.house, clients };
    clients.start();
    const harmed = performance.now();
    await options.harm(run).finally(() => clients.stop());
    const mended = performance.now();
    await settle(scene.house);
    const drained = performance.now();
    outcome = await judge(options, run, [
      `started in ${seconds(began, harmed)} s`,
      `harm ${seconds(harmed, mended)} s`,
      `drained ${seconds(mended, drained)} s later`,
    ]);
    return outcome;
  } finally {
    for (const close of opened.reverse()) await close();
    journal.close(outcome?.green !== true);
    if (outcome?.green !== true) {
      process.stderr.write(
        `${options.name} with seed ${String(seed)} is red; its history: ${journal.path}\n`,
      );
    }
  }
}

async function judge<S extends Scene>(
  options: RunOptions<S>,
  run: Underway<S>,
  times: readonly string[],
): Promise<Outcome> {
  const { house, scene, journal } = run;
  const received = journal.arrivals.length;
  const names = new Map(
    (await house.api.all<CustomerAnswer>('/v1/customers')).map(({ id, externalIds }) => [
      id,
      externalIds[0]?.id ?? id,
    ]),
  );
  const history = toHistory({
    seed: run.random.seed,
    journal,
    seen: await whatWasSeen(house),
    records: await purchaseRecords(await scene.log()),
    names,
    sums: await sumsOf(house),
    expected: {
      leastOperations: 300,
      uncertain: true,
      consumers: everyEffect,
      ...options.expected,
    },
  });
  const verdict = checkHistory(history);
  const also = (await options.also?.(run)) ?? [];
  const late = journal.arrivals.length - received;
  if (late > 0) also.push(`${String(late)} messages came while the run was judged`);
  const wrong = [...verdict.anomalies.map(({ kind, what }) => `${kind}: ${what}`), ...also];
  journal.finding({ history: { ...history, operations: [] }, wrong });
  const line = `${options.name}, ${verdict.line}; ${times.join(', ')}`;
  return {
    verdict,
    green: verdict.green && also.length === 0,
    report: [line, ...wrong.slice(0, 20)].join('\n  '),
  };
}

interface CustomerAnswer {
  readonly id: string;
  readonly externalIds: readonly { readonly id: string }[];
}

const seconds = (from: number, to: number): string => ((to - from) / 1_000).toFixed(1);
