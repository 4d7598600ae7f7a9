import type { ForecastJudged } from '@regulars/contracts';

/** What became of forecasts, counted. */
export interface LiveRecord {
  readonly judged: number;
  /** Of them, those that gave a date where the plain baseline gave one too: the two are compared on the same customers. */
  readonly withDate: number;
  readonly within14Days: number;
  readonly baselineWithin14Days: number;
  readonly withWindow: number;
  readonly insideWindow: number;
}

const HIT_DAYS = 14;

/** One judged forecast as counts. */
export function recordOf(judged: ForecastJudged): LiveRecord {
  const { errorDays, baselineErrorDays, insideWindow } = judged;
  const compared = errorDays !== undefined && baselineErrorDays !== undefined;
  const hit = (error: number | undefined): number =>
    compared && error !== undefined && Math.abs(error) <= HIT_DAYS ? 1 : 0;
  return {
    judged: 1,
    withDate: compared ? 1 : 0,
    within14Days: hit(errorDays),
    baselineWithin14Days: hit(baselineErrorDays),
    withWindow: insideWindow === undefined ? 0 : 1,
    insideWindow: insideWindow === true ? 1 : 0,
  };
}

export function addRecords(a: LiveRecord, b: LiveRecord): LiveRecord {
  return {
    judged: a.judged + b.judged,
    withDate: a.withDate + b.withDate,
    within14Days: a.within14Days + b.within14Days,
    baselineWithin14Days: a.baselineWithin14Days + b.baselineWithin14Days,
    withWindow: a.withWindow + b.withWindow,
    insideWindow: a.insideWindow + b.insideWindow,
  };
}
