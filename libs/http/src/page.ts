import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { encodeCursor, type CursorValue } from './cursor.js';
import { QueryInt } from './query-fields.js';

/** `?limit=` and `?after=` of every list. Extend it with the filters of yours. */
export class PageQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 200, default: 50 })
  @QueryInt({ min: 1, max: 200 })
  limit: number = 50;

  @ApiPropertyOptional({ description: '`page.next` of the page before.' })
  @IsOptional()
  @IsString()
  @MaxLength(1_000)
  after?: string;
}

/** A list that can be counted on request: `?count=exact`. */
export class CountedPageQuery extends PageQuery {
  @ApiPropertyOptional({ enum: ['exact'], description: 'Adds `page.total`, which costs a count.' })
  @IsOptional()
  @IsIn(['exact'])
  count?: 'exact';
}

export class PageInfo {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Cursor of the next page; null on the last.',
  })
  next: string | null;

  @ApiProperty()
  hasMore: boolean;

  @ApiPropertyOptional({ type: 'integer' })
  total?: number;
}

export interface Page<T> {
  readonly data: T[];
  readonly page: {
    readonly next: string | null;
    readonly hasMore: boolean;
    readonly total?: number;
  };
}

/** The page with `page.total` beside it, where the caller asked for the count. */
export async function counted<T>(
  answer: Page<T>,
  query: CountedPageQuery,
  count: () => Promise<number>,
): Promise<Page<T>> {
  if (query.count !== 'exact') return answer;
  return { data: answer.data, page: { ...answer.page, total: await count() } };
}

/** One page of an answer. Ask the database for `limit + 1` rows: the extra one says that there are more. */
export function page<Row>(
  rows: readonly Row[],
  limit: number,
  cursorOf: (row: Row) => readonly CursorValue[],
): Page<Row> {
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  const hasMore = rows.length > limit;
  return {
    data,
    page: { next: hasMore && last !== undefined ? encodeCursor(cursorOf(last)) : null, hasMore },
  };
}
