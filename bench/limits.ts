/** A figure that has a limit of its own, instead of a yardstick beside it. */
export interface Limited {
  readonly what: string;
  readonly unit: string;
  readonly value: number;
  readonly limit: number;
  readonly stretch: number;
}

/** Figures that one house gives in one run. */
export interface LimitedTarget {
  readonly id: string;
  measure(tell: (line: string) => void): Promise<Limited[]>;
}

export function withinLimit({ value, limit }: Limited): 'pass' | 'fail' {
  return value <= limit ? 'pass' : 'fail';
}
