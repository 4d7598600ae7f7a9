import { element, linear, picture, text } from './svg.js';

export interface CoverageGroup {
  readonly name: string;
  readonly customers: number;
  readonly coverage: number;
}

const [WIDTH, HEIGHT, LEFT, TOP, BOTTOM] = [640, 240, 44, 12, 44];
const NOMINAL = 0.8;

/** Share of next purchases that fell inside the 80 % window, by group. */
export function coveragePicture(title: string, groups: readonly CoverageGroup[]): string {
  const y = linear([0, 1], [HEIGHT - BOTTOM, TOP]);
  const slot = (WIDTH - LEFT) / Math.max(groups.length, 1);
  const grid = [0, 0.25, 0.5, 0.75, 1].map(
    (tick) =>
      element('line', { x1: LEFT, x2: WIDTH, y1: y(tick), y2: y(tick), class: 'grid' }) +
      text(LEFT - 6, y(tick) + 4, `${String(100 * tick)}%`, {
        'text-anchor': 'end',
        class: 'axis',
      }),
  );
  const bars = groups.map(({ name, customers, coverage }, i) => {
    const middle = LEFT + slot * (i + 0.5);
    const width = Math.min(56, 0.6 * slot);
    const at = { 'text-anchor': 'middle' } as const;
    return (
      element('rect', {
        x: middle - width / 2,
        y: y(coverage),
        width,
        height: y(0) - y(coverage),
        class: 'judged',
      }) +
      text(middle, y(coverage) - 5, `${(100 * coverage).toFixed(0)} %`, { ...at, class: 'value' }) +
      text(middle, HEIGHT - BOTTOM + 16, name, { ...at, class: 'label' }) +
      text(middle, HEIGHT - BOTTOM + 32, `n ${customers.toLocaleString('en-US')}`, {
        ...at,
        class: 'axis',
      })
    );
  });
  const nominal = element('line', {
    x1: LEFT,
    x2: WIDTH,
    y1: y(NOMINAL),
    y2: y(NOMINAL),
    class: 'ideal',
  });
  return picture(WIDTH, HEIGHT, title, [...grid, ...bars, nominal].join(''));
}
