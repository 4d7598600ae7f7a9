import type { Balance } from '@regulars/kernel';
import { Child } from './child.ts';
import type { House } from './house.ts';

export interface Reconciled {
  readonly balanced: boolean;
  readonly sums: readonly (Balance & { readonly service: string; readonly gap: number })[];
}

/** What `regulars reconcile --json` says of a house; a gap is no error here. */
export async function reconcile(...where: readonly string[]): Promise<string> {
  const child = Child.run(['reconcile', '--json', ...where], {});
  const { code } = await child.ended;
  if (code === 0 || code === 2) return child.output;
  throw new Error(`reconcile ended with ${String(code)}:\n${child.lastWords}`);
}

export async function sumsOf(house: House): Promise<Reconciled> {
  return JSON.parse(await house.reconcile()) as Reconciled;
}

/** Sums that do not add up, with what is told of them. */
export function openSums(sums: Reconciled): object[] {
  return sums.sums
    .filter(({ gap }) => gap > 0)
    .map(({ service, sum, of, gaps }) => ({ service, sum, of, gaps }));
}
