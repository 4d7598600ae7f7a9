import { Body, Controller, Get, Global, HttpCode, Module, Post, Query, Req } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Type } from 'class-transformer';
import type { FastifyInstance } from 'fastify';
import { ArrayMaxSize, IsArray, IsInt, IsString, MaxLength, ValidateNested } from 'class-validator';
import { HealthRegistry, MetricsRegistry } from '@regulars/observability';
import { Database, sql } from '@regulars/persistence';
import { createHttpApp } from '../create-http-app.js';
import type { ApiKeys } from '../api-keys.js';
import type { HttpOptions } from '../http-options.js';
import { IdParam } from '../id.pipe.js';
import { Mutations } from '../mutations.js';
import { page, PageQuery } from '../page.js';
import { conflict, notFound } from '../problems.js';
import type { HttpRequest } from '../request-context.js';
import { Public, RefusedUnderLoad, Scope, TakesForm, TakesRaw } from '../scope.js';

export class LineBody {
  @IsString()
  @MaxLength(20)
  product: string;

  @IsInt()
  quantity: number;
}

export class SaleBody {
  @IsString()
  @MaxLength(20)
  orderId: string;

  @IsArray()
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => LineBody)
  lines: LineBody[];
}

/** What a sale does beside being written: tests hold it up or break it. */
export class Till {
  beforeCommit: () => Promise<void> = () => Promise.resolve();
}

/** A small shop whose API has one route of each kind. */
@Controller('v1/sales')
export class SalesController {
  constructor(
    private readonly mutations: Mutations,
    private readonly till: Till,
  ) {}

  @Post()
  @Scope('purchases:write')
  @RefusedUnderLoad()
  async add(@Req() request: HttpRequest, @Body() body: SaleBody): Promise<{ orderId: string }> {
    return this.mutations.run(request, async (tx) => {
      await tx.query(sql`insert into sales (order_id) values (${body.orderId})`);
      await this.till.beforeCommit();
      if (body.orderId === 'taken') throw conflict('sale-differs', 'Differs', 'Correct the sale.');
      return {
        status: 201,
        body: { orderId: body.orderId },
        headers: { location: `/v1/sales/${body.orderId}` },
      };
    });
  }

  @Get()
  @Scope('customers:read', 'reports:read')
  list(@Query() query: PageQuery) {
    const rows = Array.from({ length: query.limit + 1 }, (_, index) => ({ id: index }));
    return page(rows, query.limit, (row) => [row.id]);
  }

  @Get(':id')
  @Scope('customers:read')
  read(@IdParam() id: string): never {
    throw notFound(`sale ${id.slice(0, 0)}`.trim());
  }

  @Post(':id/void')
  @Scope('purchases:write')
  @HttpCode(200)
  void(@IdParam() id: string): { id: string } {
    return { id };
  }
}

@Controller('u')
export class LinksController {
  @Post('stop')
  @Public()
  @TakesForm()
  stop(@Body() body: Record<string, string>): Record<string, string> {
    return body;
  }

  @Post('hook')
  @Public()
  @TakesRaw()
  hook(@Body() body: Buffer): { bytes: number } {
    return { bytes: body.length };
  }

  @Get('boom')
  @Public()
  boom(): never {
    throw new TypeError('secret of the class Till in select * from sales');
  }
}

export interface ShopOptions {
  readonly database: Database;
  readonly apiKeys: ApiKeys;
  readonly till?: Till;
  readonly metrics?: MetricsRegistry;
  readonly http?: Partial<HttpOptions>;
  /** Adds what no controller made. */
  readonly beforeInit?: (fastify: FastifyInstance) => unknown;
}

export async function shopApp(options: ShopOptions): Promise<NestFastifyApplication> {
  @Global()
  @Module({
    providers: [
      { provide: Database, useValue: options.database },
      { provide: Till, useValue: options.till ?? new Till() },
    ],
    exports: [Database, Till],
  })
  class Ground {}

  @Module({ imports: [Ground], controllers: [SalesController, LinksController] })
  class Shop {}

  const app = await createHttpApp(Shop, {
    service: 'shop',
    apiKeys: options.apiKeys,
    metrics: options.metrics ?? new MetricsRegistry('shop'),
    health: new HealthRegistry(),
    ...options.http,
  });
  options.beforeInit?.(app.getHttpAdapter().getInstance());
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return app;
}
