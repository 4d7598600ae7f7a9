import { spawnChild, type Child } from '../spawn-child.js';
import type { MemberOrder } from './run-member.js';

/** A member of the group in a process of its own; says `joined` and `working`. Resolves once it has joined. */
export function spawnMember(order: MemberOrder): Promise<Child> {
  return spawnChild(new URL('./run-member.ts', import.meta.url), order, 'joined');
}
