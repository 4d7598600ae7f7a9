import { definitions } from './campaigns.ts';
import type { Member } from './cast.ts';
import { instantOf, localTime } from './local-time.ts';
import type { Campaign, Deed, Person } from './month.ts';
import type { Act } from './script.ts';
import type { Shop } from './shop.ts';

/** Numbers its customers and orders itself. */
const SHOP = 'shop';

interface Batch {
  readonly items: readonly { readonly id: string }[];
}

export interface Played {
  readonly people: ReadonlyMap<string, Person>;
  readonly campaigns: ReadonlyMap<string, Campaign>;
  readonly deeds: readonly Deed[];
}

/** Imports the history, starts the campaigns, and lives through the script. */
export async function play(
  shop: Shop,
  cast: readonly Member[],
  script: readonly Act[],
  end: Date,
): Promise<Played> {
  const ids = await registerAll(shop, cast);
  const deeds = await importHistory(shop, cast, ids);
  await shop.settle();
  const campaigns = await startCampaigns(shop);
  const actor = new Actor(shop, ids, deeds);
  for (const act of script) {
    await shop.until(act.at);
    await actor.perform(act);
    await shop.settle();
  }
  await shop.until(end);
  const people = cast.map((member): [string, Person] => {
    const customerId = idOf(ids, member);
    return [customerId, { customerId, zone: member.zone }];
  });
  return { people: new Map(people), campaigns, deeds };
}

async function registerAll(shop: Shop, cast: readonly Member[]): Promise<Map<string, string>> {
  const { items } = await shop.post<Batch>('/v1/customers/batch', {
    items: cast.map(({ externalId, zone, index }) => ({
      externalId,
      source: SHOP,
      name: externalId,
      email: `${externalId}@customers.example`,
      timeZone: zone,
      preferredChannel: index % 2 === 0 ? 'email' : 'task',
      consents: [{ channel: 'email', purpose: 'marketing', state: 'granted', evidence: 'form' }],
    })),
  });
  return new Map(cast.map(({ externalId }, index) => [externalId, items[index]?.id ?? '']));
}

async function importHistory(
  shop: Shop,
  cast: readonly Member[],
  ids: ReadonlyMap<string, string>,
): Promise<Deed[]> {
  const rows = cast.flatMap((member) => member.history.map((day) => ({ member, day })));
  const { items } = await shop.post<Batch>('/v1/purchases/batch', {
    items: rows.map(({ member, day }) => ({
      ...order(member, `${member.externalId}-${day}`),
      purchaseDay: day,
      imported: true,
    })),
  });
  return rows.map(({ member, day }, index) => ({
    kind: 'purchase',
    customerId: idOf(ids, member),
    at: shop.now(),
    purchaseId: items[index]?.id ?? '',
    day,
  }));
}

async function startCampaigns(shop: Shop): Promise<Map<string, Campaign>> {
  const started = new Map<string, Campaign>();
  for (const definition of definitions) {
    const { id } = await shop.post<{ id: string }>('/v1/campaigns', definition);
    await shop.post(`/v1/campaigns/${id}/start`, {});
    const hours = definition.ladder.map(({ hour }) => hour);
    started.set(id, { name: definition.name, hours });
  }
  return started;
}

/** Does what the script says through the product's own API, and notes it. */
class Actor {
  constructor(
    private readonly shop: Shop,
    private readonly ids: ReadonlyMap<string, string>,
    private readonly deeds: Deed[],
  ) {}

  async perform(act: Act): Promise<void> {
    const { member } = act;
    const customerId = idOf(this.ids, member);
    const at = this.shop.now();
    if (act.kind === 'buy') return this.buy(member, act.daysAgo);
    if (act.kind === 'move') {
      const { zone } = act;
      const moved = { externalId: member.externalId, source: SHOP, timeZone: zone };
      await this.shop.post('/v1/customers/batch', { items: [moved] });
      this.deeds.push({ kind: 'moved', customerId, at, zone });
    } else if (act.kind === 'withdraw-email') {
      await this.shop.post('/v1/consents', {
        customer: { id: customerId },
        consents: [{ channel: 'email', purpose: 'marketing', state: 'withdrawn' }],
      });
      this.deeds.push({ kind: 'withdrew-email', customerId, at });
    } else if (act.kind === 'later') {
      const { day, hour, who } = act;
      const body = { answer: 'later', agreement: { day, hour, whoActs: who } };
      const touchId = await this.answer(customerId, body);
      const due = instantOf(day, hour * 60, member.zone);
      this.deeds.push({ kind: 'later', customerId, at, touchId, due, call: who === 'we-call' });
    } else {
      const reason = act.kind === 'no' ? { reason: 'no-need-now' } : {};
      const touchId = await this.answer(customerId, { answer: act.kind, ...reason });
      this.deeds.push({ kind: act.kind, customerId, at, touchId });
    }
  }

  private async buy(member: Member, daysAgo: number): Promise<void> {
    const at = this.shop.now();
    const purchasedAt = new Date(at.getTime() - daysAgo * 86_400_000);
    const { items } = await this.shop.post<Batch>('/v1/purchases/batch', {
      items: [
        {
          ...order(member, `${member.externalId}-${at.toISOString()}`),
          purchasedAt: purchasedAt.toISOString(),
        },
      ],
    });
    this.deeds.push({
      kind: 'purchase',
      customerId: idOf(this.ids, member),
      at,
      purchaseId: items[0]?.id ?? '',
      day: localTime(purchasedAt, member.zone).day,
    });
  }

  /** To the touch that came last; who has had none answers by itself. */
  private async answer(customerId: string, body: object): Promise<string> {
    const { data } = await this.shop.get<{ data: { id: string; sentAt: string | null }[] }>(
      `/v1/touches?customerId=${customerId}&limit=200`,
    );
    const last = data
      .flatMap(({ id, sentAt }) => (sentAt === null ? [] : [{ id, sentAt }]))
      .reduce<{ id: string; sentAt: string } | undefined>(
        (latest, one) => (latest && latest.sentAt >= one.sentAt ? latest : one),
        undefined,
      );
    const answered = last
      ? await this.shop.post<{ id: string }>(`/v1/touches/${last.id}/answers`, body)
      : await this.shop.post<{ id: string }>('/v1/touches/answers', { customerId, ...body });
    return answered.id;
  }
}

function order({ externalId, zone }: Member, orderId: string): object {
  return {
    source: SHOP,
    orderId: orderId.replaceAll(/[^A-Za-z0-9._:/-]/g, '-'),
    customer: { externalId },
    timeZone: zone,
    total: { amountMinor: 4_900, currency: 'EUR' },
  };
}

function idOf(ids: ReadonlyMap<string, string>, { externalId }: Member): string {
  return ids.get(externalId) ?? '';
}
