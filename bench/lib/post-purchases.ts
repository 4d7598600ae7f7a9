import type { HttpClient } from './http-client.ts';

/** Posts a batch; rejects unless every item is answered so: what was dropped is not speed. */
export async function postPurchases(
  client: HttpClient,
  items: readonly object[],
  expected: 'created' | 'unchanged',
): Promise<void> {
  const answer = await client.post('/v1/purchases/batch', { items });
  const { items: answered } = answer as { items: { status: string }[] };
  const wrong = answered.find(({ status }) => status !== expected);
  if (wrong) throw new Error(`Expected ${expected}, was answered ${wrong.status}.`);
}
