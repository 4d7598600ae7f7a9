import { sql } from '@regulars/persistence';
import type { Underway } from './fault-run.ts';

/** What stands as sent was received, and what was received stands as sent or as unknown. Twice is the checker's to find. */
export async function mailsMatch({ house, journal }: Underway): Promise<string[]> {
  const touches = await house.rows(
    sql`select id, state from campaigns.touches where state in ('sent', 'unknown')`,
  );
  const stands = new Map(touches.map(({ id, state }) => [String(id), String(state)]));
  const received = new Set(journal.arrivals.map(({ sendKey }) => sendKey));
  return [
    ...[...stands]
      .filter(([id, state]) => state === 'sent' && !received.has(id))
      .map(([id]) => `${id} stands as sent and was never received`),
    ...[...received]
      .filter((id) => !stands.has(id))
      .map((id) => `${id} was received and stands neither as sent nor as unknown`),
    ...(received.size > 100 ? [] : [`only ${String(received.size)} mails were received`]),
  ];
}
