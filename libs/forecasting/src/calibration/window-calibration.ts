/** Levels of the 10 %, 50 % and 90 % points as they turned out. */
export type WindowLevels = readonly [number, number, number];

/** By repeats (0, 1, 2-4, 5-9, 10+), and within by how unusual the silence is. */
export interface WindowCalibration {
  readonly cells: readonly (readonly WindowLevels[])[];
  /** Returns that it was learnt from. */
  readonly returns: number;
}

export const nominalLevels: WindowLevels = [0.1, 0.5, 0.9];
const BAND_ENDS = [1, 2, 5, 10, Infinity];
/** Survival of the silence so far above which it is: usual, long, very long. */
const SILENCE_STARTS = [0.5, 0.1, -1];
/** The levels without data count like so many returns. */
const SHRINKAGE = 200;
/**
 * However many returns: an earlier day's customers were younger than today's, and what was true of them is not the whole truth.
 */
const MOST_OWN = 0.7;

const UNSEEN_TAIL = 0.06;

/** A customer who came back: at which level of his forecast. */
export interface Return {
  readonly repeats: number;
  /** P(a gap lasts longer than the silence that he was in). */
  readonly survival: number;
  /**
   * Levels of the end, the middle and the start of the day on which he came: a window counts whole days, so it holds the day
   * when it begins before the day's end and ends after its start.
   */
  readonly levels: WindowLevels;
}

/** @param knownShare how much of the cap's length the shop's history covers, at most 1 */
export function calibrateWindows(returns: readonly Return[], knownShare = 1): WindowCalibration {
  // A tail longer than the history has been seen by nobody: the window reaches further while that is so.
  const without: WindowLevels = [0.1, 0.5, 0.9 + UNSEEN_TAIL * (1 - Math.min(1, knownShare))];
  const cells = BAND_ENDS.map((_, band) => {
    const inBand = returns.filter(({ repeats }) => bandOf(repeats) === band);
    const levels = shrunkLevels(inBand, without);
    return SILENCE_STARTS.map((_start, silence) =>
      shrunkLevels(
        inBand.filter(({ survival }) => silenceOf(survival) === silence),
        levels,
      ),
    );
  });
  return { cells, returns: returns.length };
}

export const noWindowCalibration = calibrateWindows([]);

export function levelsFor(
  { cells }: WindowCalibration,
  repeats: number,
  survival: number,
): WindowLevels {
  return cells[bandOf(repeats)]?.[silenceOf(survival)] ?? nominalLevels;
}

function bandOf(repeats: number): number {
  return BAND_ENDS.findIndex((end) => repeats < end);
}

function silenceOf(survival: number): number {
  return SILENCE_STARTS.findIndex((start) => survival > start);
}

function shrunkLevels(returns: readonly Return[], towards: WindowLevels): WindowLevels {
  const own = (MOST_OWN * returns.length) / (returns.length + SHRINKAGE);
  const at = (i: 0 | 2): number => {
    const sorted = Float64Array.from(returns, ({ levels }) => levels[i]).sort();
    const found = quantileOf(sorted, nominalLevels[i], towards[i]);
    return Math.min(1, Math.max(0, own * found + (1 - own) * towards[i]));
  };
  // The median stays the model's: moving it with the customers of an earlier day costs hits and gains no days.
  return [at(0), nominalLevels[1], at(2)];
}

function quantileOf(sorted: Float64Array, p: number, without: number): number {
  if (sorted.length === 0) return without;
  const place = p * (sorted.length - 1);
  const low = sorted[Math.floor(place)] ?? 0;
  const high = sorted[Math.ceil(place)] ?? 0;
  return low + (place - Math.floor(place)) * (high - low);
}
