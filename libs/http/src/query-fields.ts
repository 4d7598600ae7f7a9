import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsBoolean, IsInt, IsOptional, Max, Min } from 'class-validator';

/** An optional whole number in a query, plain digits only: `''`, `0x10`, `1e3` and ` 5` are refused. */
export function QueryInt(range: { readonly min: number; readonly max: number }): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => wholeNumber(value)),
    IsOptional(),
    IsInt(),
    Min(range.min),
    Max(range.max),
  );
}

/** An optional `true` or `false` in a query. */
export function QueryBoolean(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => truth(value)),
    IsOptional(),
    IsBoolean(),
  );
}

/** What is no number stays what it was, for the validators to refuse; null too, which IsOptional would let pass. */
function wholeNumber(value: unknown): unknown {
  if (value === null) return 'null';
  return typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
}

function truth(value: unknown): unknown {
  if (value === null) return 'null';
  if (value === 'true') return true;
  return value === 'false' ? false : value;
}
