import type { Member, Role } from './cast.ts';
import { addDays, instantOf } from './local-time.ts';

export type WhoActs = 'they-come' | 'we-call' | 'they-call';

/** One thing that happens in the month. */
export type Act = { readonly at: Date; readonly member: Member } & (
  | { readonly kind: 'buy'; readonly daysAgo: number }
  | { readonly kind: 'later'; readonly day: string; readonly hour: number; readonly who: WhoActs }
  | { readonly kind: 'yes' | 'no' | 'stop' | 'withdraw-email' }
  | { readonly kind: 'move'; readonly zone: string }
);
type Doing = Act extends infer A ? (A extends Act ? Omit<A, 'at' | 'member'> : never) : never;

/** Around the due day that the rhythm promises; the ladder runs then. */
export function makeScript(cast: readonly Member[], until: string): Act[] {
  const limit = new Date(`${until}T00:00:00Z`);
  return cast
    .flatMap((member) => acts[member.role](member))
    .filter(({ at }) => at < limit)
    .sort((a, b) => a.at.getTime() - b.at.getTime());
}

const acts: Readonly<Record<Role, (member: Member) => Act[]>> = {
  silent: () => [],
  overdue: () => [],
  punctual: (member) =>
    [1, 2, 3].map((n) =>
      act(member, n * member.gapDays + (n % 2), [3, 17 + n], { kind: 'buy', daysAgo: 0 }),
    ),
  // A minute before the step of that day would leave.
  'early-buyer': (member) => [
    act(member, member.gapDays, [10, 59], { kind: 'buy', daysAgo: 0 }),
    act(member, member.gapDays, [19, 3], { kind: 'buy', daysAgo: 0 }),
    act(member, 2 * member.gapDays - 3, [10, 59], { kind: 'buy', daysAgo: 0 }),
  ],
  // The till posts a sale two days after it was made.
  'late-buyer': (member) => [
    act(member, member.gapDays + 4, [23, 50], { kind: 'buy', daysAgo: 0 }),
    act(member, member.gapDays + 14, [20, 59], { kind: 'buy', daysAgo: 2 }),
  ],
  'promises-a-call': (member) => [
    later(member, 1, 9 + member.index, member.index % 2 === 0 ? 15 : 8, 'we-call'),
  ],
  'promises-to-come': (member) => [
    later(member, 2, 6, 12, member.index % 2 === 0 ? 'they-come' : 'they-call'),
    ...(member.index < 2
      ? [act(member, member.gapDays + 5, [9, 41], { kind: 'buy', daysAgo: 0 } as const)]
      : []),
  ],
  'changes-the-promise': (member) => [
    later(member, 0, 4, 18, 'they-come'),
    later(member, 3, 12, 10, 'we-call'),
  ],
  stops: (member) => [act(member, member.gapDays + 1, [14, 37], { kind: 'stop' })],
  'says-no': (member) => [act(member, member.gapDays + 2, [12, 20], { kind: 'no' })],
  'says-yes': (member) => [act(member, member.gapDays + 1, [18, 45], { kind: 'yes' })],
  newcomer: (member) => [
    act(member, 16, [11, 0], { kind: 'buy', daysAgo: 0 }),
    act(member, 16, [16, 30], { kind: 'buy', daysAgo: 0 }),
    ...(member.index % 2 === 0
      ? [act(member, 23, [13, 5], { kind: 'buy', daysAgo: 0 } as const)]
      : []),
  ],
  'withdraws-email': (member) => [
    act(member, member.gapDays - 5, [2, 40], { kind: 'withdraw-email' }),
  ],
  moves: (member) => [
    act(member, member.gapDays, [6, 6], { kind: 'move', zone: oppositeOf(member) }),
  ],
};

function act(
  member: Member,
  afterDays: number,
  [hour, minute]: [number, number],
  what: Doing,
): Act {
  const at = instantOf(addDays(member.lastDay, afterDays), hour * 60 + minute, member.zone);
  return { at, member, ...what };
}

function later(member: Member, afterDue: number, inDays: number, hour: number, who: WhoActs): Act {
  const day = addDays(member.lastDay, member.gapDays + afterDue + inDays);
  return act(member, member.gapDays + afterDue, [12, 11], { kind: 'later', day, hour, who });
}

/** Where it is night when it is day at home. */
function oppositeOf({ zone }: Member): string {
  return zone.startsWith('America') || zone.startsWith('Europe')
    ? 'Pacific/Auckland'
    : 'America/New_York';
}
