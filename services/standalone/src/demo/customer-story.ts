import type { DemoApi } from './demo-api.js';

interface Touch {
  readonly step: number;
  readonly directness: string;
  readonly channel: string;
  readonly state: string;
  readonly reason: string;
  readonly dueAt: string;
  readonly answer: string | null;
}
interface Purchase {
  readonly purchaseDay: string;
}

/** Purchases and touches of the customer, of those given, about whom there is most to tell; oldest first. */
export async function storyOf(api: DemoApi, customerIds: readonly string[]): Promise<string[]> {
  let best: { id: string; touches: Touch[] } | undefined;
  for (const id of customerIds) {
    const { data } = await api.get<{ data: Touch[] }>(`/v1/touches?customerId=${id}&limit=200`);
    if (!best || data.length > best.touches.length) best = { id, touches: data };
  }
  if (!best) return ['Nobody is due this week; play more months or customers.'];
  const { name } = await api.get<{ name?: string }>(`/v1/customers/${best.id}`);
  const { sentence } = await api.get<{ sentence?: string }>(`/v1/segments/customers/${best.id}`);
  const purchases = await api.get<{ data: Purchase[] }>(
    `/v1/purchases?customerId=${best.id}&limit=200`,
  );
  const entries = [
    ...purchases.data.map(({ purchaseDay }) => ({ at: purchaseDay, text: 'bought' })),
    ...best.touches.map((touch) => ({ at: touch.dueAt.slice(0, 10), text: told(touch) })),
  ].sort((a, b) => a.at.localeCompare(b.at));
  const shown = entries.slice(-18);
  return [
    `${name ?? best.id}${sentence === undefined ? '' : `: ${sentence}`}`,
    ...(shown.length < entries.length
      ? [`… ${String(entries.length - shown.length)} entries before`]
      : []),
    ...shown.map(({ at, text }) => `${at}  ${text}`),
    `all of it: /v1/touches?customerId=${best.id}`,
  ];
}

function told({ directness, channel, state, reason, answer }: Touch): string {
  return `${directness} by ${channel}: ${state}, ${reason}${answer === null ? '' : `; answered ${answer}`}`;
}
