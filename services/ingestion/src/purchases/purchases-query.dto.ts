import { ApiPropertyOptional } from '@nestjs/swagger';
import { CountedPageQuery } from '@regulars/http';
import { IsOptional, Matches } from 'class-validator';

export class PurchasesQuery extends CountedPageQuery {
  @ApiPropertyOptional({ format: 'uuid', description: 'Only the purchases of this customer.' })
  @IsOptional()
  @Matches(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, { message: 'customerId is not an id' })
  customerId?: string;
}
