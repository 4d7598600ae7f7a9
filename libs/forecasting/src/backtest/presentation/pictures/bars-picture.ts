import { element, linear, picture, text, ticks } from './svg.js';

export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly judged: boolean;
}

const [WIDTH, LABELS, ROW, TOP] = [640, 210, 24, 6];

/** Forecasters beside each other, one bar each. */
export function barsPicture(title: string, bars: readonly Bar[], unit: string): string {
  const most = Math.max(...bars.map(({ value }) => value), 0);
  const bottom = TOP + ROW * bars.length;
  const x = linear([0, most], [LABELS, WIDTH - 60]);
  const grid = ticks(most).map(
    (tick) =>
      element('line', { x1: x(tick), x2: x(tick), y1: TOP, y2: bottom, class: 'grid' }) +
      text(x(tick), bottom + 16, number(tick, unit), { 'text-anchor': 'middle', class: 'axis' }),
  );
  const rows = bars.map(({ name, value, judged }, i) => {
    const y = TOP + ROW * i;
    const kind = judged ? 'judged' : 'baseline';
    return (
      text(LABELS - 8, y + 16, name, { 'text-anchor': 'end', class: `label ${kind}` }) +
      element('rect', {
        x: LABELS,
        y: y + 4,
        width: x(value) - LABELS,
        height: ROW - 8,
        class: kind,
      }) +
      text(x(value) + 6, y + 16, number(value, unit), { class: 'value' })
    );
  });
  return picture(WIDTH, bottom + 24, title, [...grid, ...rows].join(''));
}

function number(value: number, unit: string): string {
  return unit === '%' ? `${(100 * value).toFixed(0)} %` : `${value.toFixed(0)} ${unit}`;
}
