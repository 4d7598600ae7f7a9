import pg from 'pg';
import type { Sent, Touch } from './month.ts';
import type { Shop } from './shop.ts';

interface ToldTouch extends Omit<Touch, 'dueAt' | 'sentAt' | 'history'> {
  readonly dueAt: string;
  readonly sentAt: string | null;
  readonly history: readonly {
    readonly at: string;
    readonly state: string;
    readonly reason: string;
    readonly until: string | null;
  }[];
}

interface Page<T> {
  readonly data: readonly T[];
  readonly page: { readonly next: string | null };
}

/** The touches of a customer with their stories, as the API tells them. */
export async function touchesOf(shop: Shop, customerId: string): Promise<Touch[]> {
  const all: ToldTouch[] = [];
  let after = '';
  for (;;) {
    const path = `/v1/touches?customerId=${customerId}&limit=200${after}`;
    const { data, page } = await shop.get<Page<ToldTouch>>(path);
    all.push(...data);
    if (page.next === null) break;
    after = `&after=${encodeURIComponent(page.next)}`;
  }
  return all.map((told) => ({
    ...told,
    dueAt: new Date(told.dueAt),
    sentAt: told.sentAt === null ? undefined : new Date(told.sentAt),
    history: told.history.map(({ at, state, reason, until }) => ({
      at: new Date(at),
      state,
      reason,
      until: until === null ? undefined : new Date(until),
    })),
  }));
}

export interface Evidence {
  /** What the log says was sent or captured, in its order. */
  readonly sent: readonly Sent[];
  /** Touches and what they left behind, straight from the tables. */
  readonly rows: readonly {
    readonly id: string;
    readonly state: string;
    readonly sentAt: Date | null;
    readonly messages: number;
    readonly tasks: number;
  }[];
  readonly deadLetters: number;
}

/** The same month read past the product: from the log and the tables. */
export async function readEvidence(databaseUrl: string): Promise<Evidence> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const log = await client.query<{ value: Buffer }>(`
      select r.value from regulars_log.records r join regulars_log.topics t on t.id = r.topic_id
      where t.name like 'regulars.touch.%' and r.headers->>'type' in ('TouchCaptured', 'TouchSent')
      order by r.partition, r."offset"`);
    const { rows } = await client.query<Evidence['rows'][number]>(`
      select id, state, sent_at as "sentAt",
        (select count(*)::int from campaigns.touch_messages m where m.touch_id = t.id) as messages,
        (select count(*)::int from campaigns.tasks k
         where k.touch_id = t.id and k.kind = 'touch' and k.attempt = 1) as tasks
      from campaigns.touches t`);
    const services = ['ingestion', 'prediction', 'segmentation', 'campaigns', 'metrics'];
    const dead = await client.query<{ count: number }>(
      `select sum(n)::int as count from (${services
        .map((service) => `select count(*) as n from ${service}.dead_letters`)
        .join(' union all ')}) as all_services`,
    );
    return {
      sent: log.rows.map(({ value }) => toSent(value)),
      rows,
      deadLetters: dead.rows[0]?.count ?? 0,
    };
  } finally {
    await client.end();
  }
}

function toSent(value: Buffer): Sent {
  const { occurredAt, data } = JSON.parse(value.toString()) as {
    readonly occurredAt: string;
    readonly data: Omit<Sent, 'at'>;
  };
  const { touchId, customerId, campaignId, step, cycle, channel } = data;
  return { touchId, customerId, campaignId, step, cycle, channel, at: new Date(occurredAt) };
}
