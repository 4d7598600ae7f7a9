import { eventually } from '@regulars/testing';
import type { BusyDay } from './busy-day.ts';
import type { House } from './house.ts';

export interface Posted {
  readonly acknowledged: number;
  /** Attempts that ended without an answer, or with one that leaves open what happened. */
  readonly unclear: number;
  readonly kills: readonly string[];
}

const POSTERS = 12;
const PATIENCE_MS = 120_000;

/**
 * Posts all purchases, each again with the same key until it is answered, while processes are killed in turn: each
 * one in the middle of its share of the purchases, and only when the one before is back.
 */
export async function postUnderFire(
  house: House,
  { purchases }: BusyDay,
  kills: number,
): Promise<Posted> {
  const share = purchases.length / (kills + 1);
  let open = 0;
  let next = 0;
  let acknowledged = 0;
  let unclear = 0;
  let failed: unknown;

  const post = async (): Promise<void> => {
    for (;;) {
      const index = next;
      next += 1;
      const purchase = purchases[index];
      if (!purchase) return;
      await eventually(() => index < open, { withinMs: PATIENCE_MS });
      const answer = await house.api.insist('/v1/purchases', purchase, PATIENCE_MS);
      if (answer.status !== 200 && answer.status !== 201) {
        throw new Error(`${purchase.orderId} was refused: ${JSON.stringify(answer.body)}`);
      }
      acknowledged += 1;
      unclear += answer.retries;
    }
  };
  const killed: string[] = [];
  const kill = async (): Promise<void> => {
    for (let turn = 0; turn < kills; turn += 1) {
      await house.ready();
      open = Math.round((turn + 1) * share);
      await eventually(() => failed !== undefined || acknowledged >= (turn + 0.5) * share, {
        withinMs: PATIENCE_MS,
      });
      const victim = house.processes[turn % house.processes.length] ?? '';
      await house.kill9(victim);
      killed.push(victim);
    }
    await house.ready();
    open = purchases.length;
  };
  const stopAtFailure = (error: unknown): never => {
    failed = error;
    open = purchases.length;
    throw error;
  };
  await Promise.all([
    kill().catch(stopAtFailure),
    ...Array.from({ length: POSTERS }, () => post().catch(stopAtFailure)),
  ]);
  return { acknowledged, unclear, kills: killed };
}
