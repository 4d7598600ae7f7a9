import type { Day } from '@regulars/kernel';
import type { DemoApi } from './demo-api.js';

interface DemoFrame {
  readonly address: string;
  readonly key: string;
  readonly from: Day;
  readonly today: Day;
}

/** What to look at after the year, and how to ask for it. */
export async function showDemo(
  api: DemoApi,
  { address, key, from, today }: DemoFrame,
): Promise<string> {
  const agenda = await api.get('/v1/agenda?days=7');
  const segments = await api.get(`/v1/reports/segments?from=${from}&to=${today}&by=month`);
  const touches = await api.get(`/v1/reports/touches?from=${from}&to=${today}&by=month`);
  const repeat = await api.get(`/v1/reports/repeat-purchases?from=${from}&to=${today}&by=month`);
  return (
    [agenda, segments, touches, repeat].map((x) => JSON.stringify(x).slice(0, 3000)).join('\n\n') +
    address +
    key
  );
}
