import {
  CycleForecaster,
  defaultRules,
  fitCycleModel,
  KnownHistory,
  reconcile,
  type CustomerForecast,
  type CustomerStatistics,
  type FitModelOptions,
  type Histories,
} from '@regulars/forecasting';

export interface LearnOptions extends Pick<FitModelOptions, 'trade' | 'onStep'> {
  readonly asOfDay: number;
  readonly horizonsDays: readonly number[];
  /** A cycle that somebody who knows has stated. */
  readonly cycleDays?: number;
}

/** A shop that has been learnt and is asked customer by customer. */
export interface LearntShop {
  readonly customers: number;
  /** What the company's forecasts rest on. */
  readonly basis: string;
  /** The forecast of a customer, or those of his categories. */
  forecast(i: number): {
    readonly id: string;
    readonly forecasts: readonly {
      readonly forecast: CustomerForecast;
      readonly category?: string;
    }[];
  };
}

interface Category {
  readonly name: string;
  readonly forecaster: CycleForecaster;
  readonly statistics: CustomerStatistics;
  readonly rowOf: ReadonlyMap<string, number>;
}

/** Learns the company, and where wanted each category as a part of it. */
export function learnShop(
  histories: Histories,
  categories: ReadonlyMap<string, Histories> | undefined,
  options: LearnOptions,
): LearntShop {
  const { asOfDay, horizonsDays, trade, cycleDays, onStep } = options;
  const known = new KnownHistory(histories, asOfDay);
  const learning = { horizonsDays, ...(trade && { trade }) };
  const model = fitCycleModel(known, { ...learning, ...(onStep && { onStep }) });
  const statistics = known.statisticsAsOf(asOfDay);
  const forecaster = new CycleForecaster(model, horizonsDays, defaultRules, cycleDays);
  const learnt = [...(categories ?? [])].map(([name, own]): Category => {
    const part = new KnownHistory(own, asOfDay);
    const rows = part.statisticsAsOf(asOfDay);
    const ownModel = fitCycleModel(part, { ...learning, company: model });
    return {
      name,
      forecaster: new CycleForecaster(ownModel, horizonsDays, defaultRules, cycleDays),
      statistics: rows,
      rowOf: new Map(
        Array.from(rows.customer, (customer, row) => [own.ids[customer] ?? '', row] as const),
      ),
    };
  });
  return {
    customers: statistics.size,
    basis: model.basis,
    forecast(i) {
      const id = histories.ids[statistics.customer[i] ?? 0] ?? '';
      const whole = forecaster.forecast(statistics, i);
      if (!categories) return { id, forecasts: [{ forecast: whole }] };
      const parts = learnt.flatMap(({ name, forecaster: own, statistics: rows, rowOf }) => {
        const row = rowOf.get(id);
        return row === undefined ? [] : [{ category: name, forecast: own.forecast(rows, row) }];
      });
      const agreed = reconcile(
        whole,
        parts.map(({ forecast }) => forecast),
      );
      return {
        id,
        forecasts: parts.map(({ category, forecast }, j) => ({
          category,
          forecast: agreed[j] ?? forecast,
        })),
      };
    },
  };
}
