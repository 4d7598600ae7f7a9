import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CLOCK, SERVICE_CONFIG, type ServiceConfig } from '@regulars/config';
import { counted, decodeCursor, IdParam, notFound, page, Scope, type Page } from '@regulars/http';
import { addDays, dayOf, isDay, isId, type Clock } from '@regulars/kernel';
import { Database } from '@regulars/persistence';
import { categoryForecastsStore } from './category-forecasts.store.js';
import {
  ForecastDetailResponse,
  ForecastResponse,
  ForecastsPage,
  ForecastsQuery,
} from './forecasts.dto.js';
import { forecastStore, type ForecastPage } from './forecast.store.js';
import { toForecast, toForecastDetail, withCategory } from './forecasts.mapper.js';
import { contactDayOf } from './make-forecast.js';
import { NowForecasts } from './now-forecasts.use-case.js';

@ApiTags('forecasts')
@Controller('v1/forecasts')
@Scope('forecasts:read')
export class ForecastsController {
  constructor(
    private readonly database: Database,
    private readonly nowForecasts: NowForecasts,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SERVICE_CONFIG) private readonly config: ServiceConfig,
  ) {}

  /** Who is due, by contact day. Customers who are lost today are left out of the lists of who is due or overdue. */
  @Get()
  @ApiOperation({ summary: 'Forecasts by the day of the next contact' })
  @ApiOkResponse({ type: ForecastsPage })
  async list(@Query() query: ForecastsQuery): Promise<Page<ForecastResponse>> {
    const wanted = this.wanted(query);
    const { category } = query;
    const store = this.listOf(category);
    const rows = await store.page(wanted);
    const { data, page: position } = page(rows, query.limit, ({ customerId, forecast }) => {
      const within = forecast.categories.find((own) => own.category === category);
      return [contactDayOf(within ?? forecast), customerId];
    });
    const today = this.today();
    const now = await this.nowForecasts.of(
      data.map((row) => row.customerId),
      today,
    );
    const forecasts = data.flatMap(({ customerId, forecast }) => {
      const asOf = now.get(customerId);
      if (!asOf) return [];
      const response = toForecast(customerId, forecast, asOf);
      return [category === undefined ? response : withCategory(response, forecast, category)];
    });
    return counted({ data: forecasts, page: position }, query, () => store.count(wanted));
  }

  @Get(':customerId')
  @ApiOperation({ summary: 'What is expected of a customer, as of today' })
  @ApiOkResponse({ type: ForecastDetailResponse })
  async one(@IdParam('customerId') customerId: string): Promise<ForecastDetailResponse> {
    const published = (await forecastStore(this.database).ofCustomers([customerId])).get(
      customerId,
    );
    const now = await this.nowForecasts.inDetail(customerId, this.today());
    if (!published || !now) throw notFound('forecast');
    return toForecastDetail(customerId, published.forecast, now);
  }

  /** All customers by their contact day, or those of a category by that within it. */
  private listOf(category: string | undefined) {
    if (category === undefined) return forecastStore(this.database);
    const store = categoryForecastsStore(this.database);
    return {
      page: (wanted: ForecastPage) => store.page(category, wanted),
      count: (wanted: ForecastPage) => store.count(category, wanted),
    };
  }

  private wanted({ dueWithin, overdue, after, limit }: ForecastsQuery): ForecastPage {
    const today = this.today();
    const position = after === undefined ? {} : { after: decodeCursor(after, isPosition) };
    if (dueWithin === undefined && overdue !== true) return { ...position, limit };
    const last =
      dueWithin === undefined ? addDays(today, -1) : addDays(today, parseInt(dueWithin, 10));
    return {
      ...position,
      limit,
      ...(overdue === true ? {} : { fromDay: today }),
      toDay: last,
      notLostOn: today,
    };
  }

  private today(): string {
    return dayOf(this.clock.now(), this.config.timeZone);
  }
}

function isPosition(values: readonly unknown[]): values is [string, string] {
  const [day, id] = values;
  return (
    values.length === 2 &&
    typeof day === 'string' &&
    isDay(day) &&
    typeof id === 'string' &&
    isId(id)
  );
}
