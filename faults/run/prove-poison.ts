import { topics, type ServiceName } from '@regulars/contracts';
import { eventually } from '@regulars/testing';
import type { House } from '../../e2e/house/house.ts';
import { raw } from '../../e2e/house/raw.ts';
import { sumOf } from '../../e2e/house/series.ts';
import type { RunOptions, Scene, Underway } from './fault-run.ts';
import { fromTheFuture, laterOrder, poison } from './poison.ts';
import { proveRun } from './prove-run.ts';
import { acknowledged } from './under-load.ts';
import { PATIENCE_MS } from './patience.ts';

const readers: readonly ServiceName[] = ['prediction', 'segmentation', 'campaigns', 'metrics'];
const kinds = Object.entries(poison);

/**
 * R12. `upgrade` makes a later version known, as a new release would; where it cannot be, no event of a later version is
 * written: its partition would wait for ever.
 */
export function provePoison<S extends Scene>(
  name: string,
  open: RunOptions<S>['open'],
  upgrade?: (scene: S) => Promise<void>,
): void {
  const waits = upgrade ? '; a later version waits' : '';
  proveRun(`poison is set aside with its reason while all else flows${waits}`, {
    name,
    open,
    load: { customers: 40, perSecond: 20, ofToday: 0.5 },
    expected: { leastOperations: 200, uncertain: upgrade !== undefined },
    harm: async (run) => {
      const { house, scene, journal, random } = run;
      await explodingTemplate(house);
      await acknowledged(run, 50);
      const producer = await (await scene.log()).producer();
      for (const [what, make] of kinds.toSorted(() => random.roll() - 0.5)) {
        await producer.send([make()]);
        journal.fault(`wrote ${what} to the purchase topic`);
        await acknowledged(run, 20);
      }
      if (upgrade) {
        await producer.send([fromTheFuture()]);
        await laterVersionWaits(run);
        await upgrade(scene);
      }
      await producer.close();
    },
    also: async ({ house }) => [
      ...(await setAside(house)),
      ...(await redriveLeavesThem(house)),
      ...(await exploded(house)),
    ],
  });
}

async function laterVersionWaits(run: Underway): Promise<void> {
  const { house, journal } = run;
  journal.end(
    { key: laterOrder, kind: 'purchase', customer: 'a stranger', end: 'info' },
    'written past the API',
    0,
  );
  await eventually(
    async () => sumOf(await house.scrape(), 'regulars_consumer_blocked') >= readers.length - 1,
    { withinMs: PATIENCE_MS },
  );
  journal.fault('wrote an event of a later version: its partition waits');
  await acknowledged(run, 50);
}

/** In every reader: one dead letter per poison record, with a reason that says it cannot be decoded, and none more. */
async function setAside(house: House): Promise<string[]> {
  const wrong: string[] = [];
  for (const service of readers) {
    const letters = await lettersOf(house, service);
    const undecodable = letters.filter(({ reason }) => reason.startsWith('undecodable'));
    if (letters.length !== kinds.length || undecodable.length !== kinds.length)
      wrong.push(
        `${service} has the dead letters ${letters.map(({ reason }) => reason).join(', ')}`,
      );
  }
  const braked = sumOf(await house.scrape(), 'regulars_consumer_blocked');
  return braked === 0 ? wrong : [...wrong, `${String(braked)} consumers are blocked at the end`];
}

/** What cannot be decoded cannot be redriven either: it stays where it is. */
async function redriveLeavesThem(house: House): Promise<string[]> {
  const ids = (await lettersOf(house, 'prediction')).map(({ id }) => id);
  const { results } = await house.api.post<{ results: readonly { result: string }[] }>(
    '/v1/admin/prediction/redrive',
    { ids },
  );
  const left = results.filter(({ result }) => result === 'failed').length;
  return left === ids.length ? [] : [`of ${String(ids.length)} redriven, ${String(left)} failed`];
}

interface Letter {
  readonly id: number;
  readonly topic: string;
  readonly reason: string;
}

async function lettersOf(house: House, service: ServiceName): Promise<Letter[]> {
  const letters = await house.api.all<Letter>(`/v1/admin/${service}/dead-letters`);
  return letters.filter(({ topic }) => topic === topics.purchase.name);
}

/** Words that can be made for most customers, and run away with a third of them. */
async function explodingTemplate(house: House): Promise<void> {
  const text = `Hello {{ customer.name }}{% if customer.name contains "3" %}{% for i in (1..9999999) %}!{% endfor %}{% endif %}`;
  await house.api.post('/v1/templates', {
    key: 'exploding',
    title: 'Runs away',
    contents: { email: { subject: 'Hello {{ customer.name }}', text } },
  });
  const { id } = await house.api.post<{ id: string }>('/v1/campaigns', {
    name: 'Badly worded',
    audience: { segments: ['new', 'one-time', 'periodic', 'regular', 'lost'] },
    trigger: { kind: 'purchase' },
    ladder: [0, 40, 80].map((day) => ({
      day,
      directness: 'presence',
      channel: 'email',
      template: 'exploding',
    })),
  });
  await house.api.post(`/v1/campaigns/${id}/start`);
}

/** Only they are skipped, with the reason; the others of the same campaign leave. */
async function exploded(house: House): Promise<string[]> {
  const rows = await house.rows(
    raw(`select p.name like '%3%' as explodes, t.state, t.reason from campaigns.touches t
         join campaigns.profiles p using (customer_id)
         where t.template = 'exploding' and t.step = 1 and t.state in ('sent', 'skipped')`),
  );
  const failed = rows.filter(({ reason }) => reason === 'template-failed');
  return [
    ...(failed.length === 0 ? ['no template exploded'] : []),
    ...(failed.some(({ explodes }) => explodes !== true) ? ['a sound template was skipped'] : []),
    ...(rows.some(({ explodes, state }) => explodes === true && state === 'sent')
      ? ['words that cannot be made were sent']
      : []),
    ...(rows.some(({ state }) => state === 'sent') ? [] : ['nothing of the campaign left']),
  ];
}
