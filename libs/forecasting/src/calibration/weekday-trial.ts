/** What weekdays would have done to the date of a customer who came back, in days off. */
export interface WeekdayTrial {
  readonly plain: number;
  readonly snapped: number;
}

/** Not 3: dates move by 3 days at most, so that whoever keeps to one weekday is hit within 3 days with or without. */
const HIT_DAYS = 7;
/** The mean error may grow by so much. */
const MOST_WORSE = 1.01;
/** Standard errors by which hits gained must outnumber hits lost. */
const CLEARLY = 2;

/** Whether earlier forecasts would have hit more often, had they moved to the customers' weekdays. */
export function weekdaysPay(trials: readonly WeekdayTrial[]): boolean {
  let [gained, lost, plainSum, snappedSum] = [0, 0, 0, 0];
  for (const { plain, snapped } of trials) {
    const [was, is] = [plain <= HIT_DAYS, snapped <= HIT_DAYS];
    if (is && !was) gained += 1;
    if (was && !is) lost += 1;
    plainSum += plain;
    snappedSum += snapped;
  }
  return gained - lost > CLEARLY * Math.sqrt(gained + lost) && snappedSum <= MOST_WORSE * plainSum;
}
