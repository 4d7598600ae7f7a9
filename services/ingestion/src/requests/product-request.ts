import Type from 'typebox';
import { Code } from '@regulars/contracts';
import { filledText, strictObject } from './scalars.js';

const fields = {
  /** By language tag: { "en": "Phone case" }. */
  titles: Type.Optional(
    Type.Record(Type.String({ pattern: '^[A-Za-z0-9-]{2,35}$' }), filledText(300), {
      maxProperties: 50,
      additionalProperties: false,
    }),
  ),
  /** A path: "phones/cases". */
  category: Type.Optional(Code),
  brand: Type.Optional(filledText(100)),
  goesWith: Type.Optional(Type.Array(Code, { maxItems: 100, uniqueItems: true })),
  upgradeOf: Type.Optional(Code),
  /** How long one piece lasts. */
  consumedInDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 36_500 })),
  /** The owner's own knowledge of the cycle. */
  statedCycleDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 3_650 })),
};

/** The whole product: what is left out is not known any more. */
export const ProductRequest = strictObject(fields);
export type ProductRequest = Type.Static<typeof ProductRequest>;

export const ProductItem = strictObject({ productId: Code, ...fields });
export type ProductItem = Type.Static<typeof ProductItem>;
