import type { WeekReport } from '../../report.js';
import { element, linear, path, picture, text, ticks } from './svg.js';

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [640, 260, 52, 12, 14, 40];

/** Purchases per week: what came as bars, what was expected as lines. */
export function weeksPicture(
  title: string,
  weeks: readonly WeekReport[],
  lines: readonly { readonly name: string; readonly judged: boolean }[],
): string {
  const values = weeks.flatMap(({ actual, expected }) => [
    actual,
    ...lines.map(({ name }) => expected[name] ?? 0),
  ]);
  const most = Math.max(...values, 1) * 1.05;
  const x = linear([0.5, weeks.length + 0.5], [LEFT, WIDTH - RIGHT]);
  const y = linear([0, most], [HEIGHT - BOTTOM, TOP]);
  const width = (0.7 * (WIDTH - LEFT - RIGHT)) / Math.max(weeks.length, 1);
  const grid = ticks(most).map(
    (tick) =>
      element('line', { x1: LEFT, x2: WIDTH - RIGHT, y1: y(tick), y2: y(tick), class: 'grid' }) +
      text(LEFT - 6, y(tick) + 4, tick.toLocaleString('en-US'), {
        'text-anchor': 'end',
        class: 'axis',
      }),
  );
  const bars = weeks.map(({ week, actual }) =>
    element('rect', {
      x: x(week) - width / 2,
      y: y(actual),
      width,
      height: y(0) - y(actual),
      class: 'actual',
    }),
  );
  const labels = ticks(weeks.length, 8)
    .filter((week) => week >= 1 && Number.isInteger(week))
    .map((week) =>
      text(x(week), HEIGHT - BOTTOM + 16, String(week), { 'text-anchor': 'middle', class: 'axis' }),
    );
  const curves = lines.map(({ name, judged }) => {
    const points = weeks.map(({ week, expected }) => [x(week), y(expected[name] ?? 0)] as const);
    return element('path', { d: path(points), class: `line ${judged ? 'judged' : 'baseline'}` });
  });
  const caption = text((LEFT + WIDTH) / 2, HEIGHT - 6, 'weeks after the origin', {
    'text-anchor': 'middle',
    class: 'axis',
  });
  return picture(WIDTH, HEIGHT, title, [...grid, ...bars, ...curves, ...labels, caption].join(''));
}
