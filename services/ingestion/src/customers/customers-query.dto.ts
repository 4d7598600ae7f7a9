import { ApiPropertyOptional } from '@nestjs/swagger';
import { CountedPageQuery } from '@regulars/http';
import { IsOptional, IsString, Matches, MaxLength, MinLength } from 'class-validator';

const code = /^[A-Za-z0-9._:/-]{1,64}$/;

/** At most one of phone, e-mail and external id. */
export class CustomersQuery extends CountedPageQuery {
  @ApiPropertyOptional({ example: '+49 30 901820' })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(40)
  phone?: string;

  @ApiPropertyOptional({ example: 'anna@example.com' })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(254)
  email?: string;

  @ApiPropertyOptional({ example: 'C-17' })
  @IsOptional()
  @Matches(code, { message: 'externalId is no id' })
  externalId?: string;

  @ApiPropertyOptional({
    example: 'crm',
    description: 'The system that numbered `externalId`; "api" when left out.',
  })
  @IsOptional()
  @Matches(code, { message: 'source is no code' })
  source?: string;
}
