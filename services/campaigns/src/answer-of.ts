/** The plain shape of a documented answer: the classes are there for OpenAPI, an answer is no instance of them. */
export type AnswerOf<T> = T extends readonly (infer Item)[]
  ? readonly AnswerOf<Item>[]
  : T extends object
    ? { [Field in keyof T]: AnswerOf<T[Field]> }
    : T;
