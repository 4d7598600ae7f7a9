import type { CrashPoint, CrashPoints, EffectKind } from './crash-points.js';

export interface CrashScene {
  readonly points: CrashPoints;
  /** The world before the work; every run begins with it. */
  reset(): Promise<void>;
  /**
   * Does what is left to do, and ends when it is done or the process is dead: then nothing may be under way any more.
   * Called again after a crash, on what that left behind.
   */
  work(): Promise<void>;
  /** What must be the same, whatever happened on the way. */
  outcome(): Promise<unknown>;
}

export interface Difference {
  readonly crashes: readonly (CrashPoint & { readonly effect: EffectKind })[];
  /** Lines of the outcome that only one of the two has. */
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
}

export interface CrashReport {
  /** How many different crashes were tried. */
  readonly runs: number;
  readonly sound: unknown;
  readonly differences: readonly Difference[];
}

/**
 * Runs the work once, then again for every effect k with a crash just before and just after it, restarts, finishes and
 * compares. With `twice` the restarted process crashes too, around every one of its effects that lasts.
 */
export async function crashEverywhere(
  scene: CrashScene,
  { twice = false }: { twice?: boolean } = {},
): Promise<CrashReport> {
  const { points } = scene;
  await scene.reset();
  points.restart();
  await scene.work();
  const sound = await scene.outcome();
  const effects = points.trace;
  const differences: Difference[] = [];
  let runs = 0;

  const judge = async (crashes: Difference['crashes']): Promise<void> => {
    runs += 1;
    const outcome = linesOf(await scene.outcome());
    const wanted = linesOf(sound);
    if (outcome.join('\n') === wanted.join('\n')) return;
    const without = (some: readonly string[], others: readonly string[]) =>
      some.filter((line) => !others.includes(line));
    differences.push({
      crashes,
      missing: without(wanted, outcome),
      unexpected: without(outcome, wanted),
    });
  };
  const crash = async (point: CrashPoint): Promise<void> => {
    points.restart(point);
    await scene.work().catch((error: unknown) => {
      if (!points.crashed) throw error;
    });
  };
  const finish = async (): Promise<readonly EffectKind[]> => {
    points.restart();
    await scene.work();
    return points.trace;
  };

  for (const first of pointsOf(effects)) {
    await scene.reset();
    await crash(first);
    // Work that polls looks a few times more after its end, now more and now less often.
    if (!points.crashed) break;
    const left = await finish();
    await judge([first]);
    for (const second of twice ? lastingOf(left) : []) {
      await scene.reset();
      await crash(first);
      await crash(second);
      await finish();
      await judge([first, second]);
    }
  }
  return { runs, sound, differences };
}

/** A statement is undone with its transaction: to die after it is to die before the next effect. */
function pointsOf(effects: readonly EffectKind[]): (CrashPoint & { effect: EffectKind })[] {
  return effects.flatMap((effect, at) => [
    { at, when: 'before' as const, effect },
    ...(effect === 'statement' ? [] : [{ at, when: 'after' as const, effect }]),
  ]);
}

const lastingOf = (effects: readonly EffectKind[]) =>
  pointsOf(effects).filter(({ effect }) => effect !== 'statement');

const linesOf = (outcome: unknown): string[] => JSON.stringify(outcome, undefined, 1).split('\n');
