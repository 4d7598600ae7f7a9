import { spawnChild, type Child } from '../spawn-child.js';
import type { RelayOrder } from './run-relay.js';

/** A relay in a process of its own. Resolves once it leads. */
export function spawnRelay(order: RelayOrder): Promise<Child> {
  return spawnChild(new URL('./run-relay.ts', import.meta.url), order, 'leads');
}
