import { Body, Controller, Get, HttpCode, Param, Post, Put, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  invalidRequest,
  Mutations,
  notFound,
  RefusedUnderLoad,
  Scope,
  TakesBatch,
  type HttpRequest,
} from '@regulars/http';
import { Database } from '@regulars/persistence';
import { IngestionMetrics } from '../ingestion.metrics.js';
import type { BatchAnswer } from '../requests/batch-request.js';
import { Batches } from '../requests/batches.http.js';
import { AnswerDocs, BatchDocs, BodyDocs } from '../requests/docs.http.js';
import { examples } from '../requests/examples.js';
import { ProductItem, ProductRequest } from '../requests/product-request.js';
import { batchItems, readInChunks } from '../requests/read-batch.http.js';
import { shapeReader } from '../requests/read-shape.js';
import { toProblem } from '../requests/to-problem.http.js';
import { causeOfRequest } from '../requests/request-cause.http.js';
import { productStore, type Product } from './product.store.js';
import { recordProducts } from './record-products.use-case.js';

const readProduct = shapeReader(ProductRequest);
const readItem = shapeReader(ProductItem);

@ApiTags('products')
@Controller('v1/products')
@Scope('purchases:write')
export class ProductsController {
  constructor(
    private readonly database: Database,
    private readonly mutations: Mutations,
    private readonly batches: Batches,
    private readonly metrics: IngestionMetrics,
  ) {}

  /** Stores up to 1,000 products; each is answered by itself, in order. */
  @Post('batch')
  @RefusedUnderLoad()
  @TakesBatch()
  @HttpCode(200)
  @BatchDocs(ProductItem, { productId: 'case-7', ...examples.product })
  @AnswerDocs(200, 'All accepted.')
  @AnswerDocs(207, 'Some were rejected; the others are stored.')
  async recordBatch(@Req() request: HttpRequest, @Body() body: unknown): Promise<BatchAnswer> {
    const read = await readInChunks(batchItems(body), readItem);
    return this.batches.run(request, {
      resource: 'product',
      read,
      record: (items, tx) => recordProducts(items, causeOfRequest(request), tx),
      answerOf: (status, { productId }) => ({ ok: true, value: { status, id: productId } }),
    });
  }

  /** Stores the whole product under the company's id; fields that are left out are not known any more. */
  @Put(':productId')
  @RefusedUnderLoad()
  @BodyDocs(ProductRequest, examples.product)
  @AnswerDocs(201, 'Created.')
  @AnswerDocs(200, 'Known: `status` says whether something changed.')
  async record(
    @Req() request: HttpRequest,
    @Param('productId') productId: string,
    @Body() body: unknown,
  ) {
    checkCode(productId);
    return this.metrics.counting('product', (count) =>
      this.mutations.run(request, async (tx) => {
        const product = readProduct(body);
        if (!product.ok) {
          this.metrics.countRejected('product', product.error.code);
          throw toProblem(product.error);
        }
        const item = { ...product.value, productId };
        const [status = 'unchanged'] = await recordProducts([item], causeOfRequest(request), tx);
        count([{ status }]);
        return { status: status === 'created' ? 201 : 200, body: { id: productId, status } };
      }),
    );
  }

  @Get(':productId')
  @Scope('customers:read')
  async find(@Param('productId') productId: string): Promise<Product> {
    checkCode(productId);
    const product = await productStore(this.database).find(productId);
    if (!product) throw notFound('product');
    return product;
  }
}

function checkCode(productId: string): void {
  if (/^[A-Za-z0-9._:/-]{1,64}$/.test(productId)) return;
  const message = 'A product id has 1 to 64 letters, digits and . _ : / - only.';
  throw invalidRequest([{ pointer: '/productId', code: 'pattern', message, in: 'path' }]);
}
