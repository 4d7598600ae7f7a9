/** One line of a scrape. */
export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([\w:]+)="((?:[^"\\]|\\.)*)"/g;

/** Prometheus text to series. */
export function parseSeries(text: string): Series[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = LINE.exec(line) ?? [];
    if (name === undefined || value === undefined) return [];
    const pairs = [...labels.matchAll(LABEL)].map(([, label, text]) => [label, text]);
    return [{ name, labels: Object.fromEntries(pairs) as Series['labels'], value: Number(value) }];
  });
}

export function sumOf(series: readonly Series[], ...names: readonly string[]): number {
  return series
    .filter(({ name }) => names.includes(name))
    .reduce((sum, { value }) => sum + value, 0);
}
