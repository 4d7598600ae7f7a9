import { addDays } from './local-time.ts';

/** Three zones whose clocks change within the month, one that never does, and one whose half hour is odd. */
export const zones = [
  'America/New_York',
  'Europe/Berlin',
  'Australia/Sydney',
  'Pacific/Auckland',
  'Asia/Kolkata',
] as const;

/** What a customer does in the month. */
export const roles = [
  'silent',
  'punctual',
  'early-buyer',
  'late-buyer',
  'promises-a-call',
  'promises-to-come',
  'changes-the-promise',
  'stops',
  'says-no',
  'says-yes',
  'newcomer',
  'withdraws-email',
  'moves',
  'overdue',
] as const;
export type Role = (typeof roles)[number];

export interface Member {
  readonly externalId: string;
  readonly role: Role;
  readonly zone: string;
  readonly gapDays: number;
  /** The last purchase of the history; a newcomer has none. */
  readonly lastDay: string;
  readonly history: readonly string[];
  /** Of the member among those of the same role. */
  readonly index: number;
}

const GAPS = [30, 33, 36, 42, 20];
/** By zone: where clocks change first, customers come due first. */
const SHIFTS = [-6, 0, 6, 6, 0];
const PURCHASES_BEFORE = 7;

/** Every role in every zone. Due days fall before and after every change of clocks. */
export function makeCast(before: string): Member[] {
  return roles.flatMap((role, roleIndex) =>
    zones.map((zone, index): Member => {
      const gapDays = (GAPS[(index + roleIndex) % GAPS.length] ?? 30) + (SHIFTS[index] ?? 0);
      const silentDays =
        role === 'overdue' ? gapDays + 4 + index : (roleIndex * 3 + index * 4) % 15;
      const lastDay = addDays(before, -1 - silentDays);
      const history =
        role === 'newcomer'
          ? []
          : Array.from({ length: PURCHASES_BEFORE }, (_, back) =>
              // A day off now and then: a rhythm of people, still a steady one.
              addDays(lastDay, -back * gapDays + (back > 0 ? (back % 3) - 1 : 0)),
            ).reverse();
      return { externalId: `${role}-${index + 1}`, role, zone, gapDays, lastDay, history, index };
    }),
  );
}
