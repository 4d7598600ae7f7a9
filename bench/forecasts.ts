import {
  CycleForecaster,
  extendHistory,
  fitCycleModel,
  KnownHistory,
  simulateShop,
  startHistory,
  type CustomerStatistics,
  type PurchaseHistory,
} from '@regulars/forecasting';

/**
 * `npm run bench:forecasts`: customers per second of CPU on one core, in a simulated shop of steady, loose and random
 * buyers. Absolute figures: run it on a quiet machine of its own.
 */
const FIRST_DAY = 19_000;
const LAST_DAY = FIRST_DAY + 1_000;
const HORIZONS = [14, 30, 90, 365];
const CUSTOMERS = 5_000;
const SECONDS = 3;

const { histories } = simulateShop({
  seed: 1,
  customers: CUSTOMERS,
  firstDay: FIRST_DAY,
  lastFirstDay: FIRST_DAY + 700,
  lastDay: LAST_DAY,
  unitDays: 7,
  rate: { r: 2.5, alpha: 18 },
  regularity: [
    { k: 1, share: 0.4 },
    { k: 2.2, share: 0.3 },
    { k: 6, share: 0.3 },
  ],
  dropOut: { a: 0.9, b: 4.2 },
  spend: { mean: 3_500, shape: 4, spread: 3 },
});
const known = new KnownHistory(histories, LAST_DAY);
const model = fitCycleModel(known, { horizonsDays: HORIZONS });
const statistics = known.statisticsAsOf(LAST_DAY);
const atLastPurchase = known.statisticsAt(
  Array.from(statistics.customer, (customer, i) => ({
    customer,
    asOfDay: statistics.lastDay[i] ?? 0,
  })),
);
const forecaster = new CycleForecaster(model, HORIZONS);
const atPurchase = new CycleForecaster(model, []);
const before = historiesBeforeLast();

report('event: fold, due day, window', 50_000, (i) => {
  foldLast(i);
  return forecaster.dates(atLastPurchase, i).median;
});
report('event: all that is stored, lost day too', undefined, (i) => {
  foldLast(i);
  return atPurchase.forecast(atLastPurchase, i).lostDay;
});
report(`bulk: whole forecast, ${HORIZONS.length} horizons`, undefined, (i) => {
  return forecaster.forecast(statistics, i).expectedDay;
});

function historiesBeforeLast(): (PurchaseHistory | undefined)[] {
  return Array.from(statistics.customer, (customer) => {
    let history: PurchaseHistory | undefined;
    const end = (histories.offsets[customer + 1] ?? 0) - 1;
    for (let at = histories.offsets[customer] ?? 0; at < end; at++)
      history = foldOne(history, histories.days[at] ?? 0, histories.spend[at] ?? 0);
    return history;
  });
}

/** The purchase that the event brings. */
function foldLast(i: number): PurchaseHistory {
  const at = (histories.offsets[(statistics.customer[i] ?? 0) + 1] ?? 0) - 1;
  return foldOne(before[i], histories.days[at] ?? 0, histories.spend[at] ?? 0);
}

function foldOne(
  history: PurchaseHistory | undefined,
  day: number,
  spendMinor: number,
): PurchaseHistory {
  const purchase = { day, spendMinor };
  return history ? extendHistory(history, purchase) : startHistory(purchase);
}

/** One pass to warm up, then whole passes for some seconds; the CPU that others take does not count. */
function report(
  what: string,
  target: number | undefined,
  one: (i: number, of: CustomerStatistics) => number,
): void {
  const pass = (): void => {
    for (let i = 0; i < statistics.size; i++) one(i, statistics);
  };
  pass();
  let passes = 0;
  const start = process.cpuUsage();
  let seconds = 0;
  while (seconds < SECONDS) {
    pass();
    passes += 1;
    const { user, system } = process.cpuUsage(start);
    seconds = (user + system) / 1e6;
  }
  const perSecond = Math.round((passes * statistics.size) / seconds);
  const asked = target === undefined ? '' : ` (at least ${target.toLocaleString('en-US')})`;
  process.stdout.write(`${what}: ${perSecond.toLocaleString('en-US')} customers/s${asked}\n`);
}
