import type { ReliabilityBin } from '../../metrics/probability-metrics.js';
import { element, linear, path, picture, text, ticks } from './svg.js';

export interface CalibrationLine {
  readonly name: string;
  readonly judged: boolean;
  readonly bins: readonly ReliabilityBin[];
}

const [SIZE, LEFT, TOP, BOTTOM] = [230, 40, 24, 36];

/** Forecast chance against the share that bought, a tenth of the customers per point; on the diagonal words were kept. */
export function calibrationPicture(horizonDays: number, lines: readonly CalibrationLine[]): string {
  const all = lines.flatMap(({ bins }) =>
    bins.flatMap(({ predicted, actual }) => [predicted, actual]),
  );
  const most = Math.min(1, Math.max(...all, 0.01) * 1.05);
  const x = linear([0, most], [LEFT, SIZE - 8]);
  const y = linear([0, most], [SIZE - BOTTOM, TOP]);
  const grid = ticks(most, 4).map(
    (tick) =>
      element('line', { x1: LEFT, x2: SIZE - 8, y1: y(tick), y2: y(tick), class: 'grid' }) +
      text(LEFT - 5, y(tick) + 4, percent(tick, most), { 'text-anchor': 'end', class: 'axis' }) +
      text(x(tick), SIZE - BOTTOM + 15, percent(tick, most), {
        'text-anchor': 'middle',
        class: 'axis',
      }),
  );
  const curves = lines.map(({ judged, bins }) => {
    const kind = judged ? 'judged' : 'baseline';
    const points = bins.map(({ predicted, actual }) => [x(predicted), y(actual)] as const);
    const dots = points.map(([cx, cy]) =>
      element('circle', { cx, cy, r: judged ? 3 : 2, class: kind }),
    );
    return element('path', { d: path(points), class: `line ${kind}` }) + dots.join('');
  });
  const title = `within ${horizonDays} days`;
  const parts = [
    text((LEFT + SIZE) / 2, 14, title, { 'text-anchor': 'middle', class: 'label' }),
    ...grid,
    element('line', { x1: x(0), y1: y(0), x2: x(most), y2: y(most), class: 'ideal' }),
    ...curves,
    text((LEFT + SIZE) / 2, SIZE - 4, 'forecast', { 'text-anchor': 'middle', class: 'axis' }),
  ];
  return picture(SIZE, SIZE, `Calibration ${title}`, parts.join(''));
}

/** Small chances need a digit behind the point. */
function percent(share: number, most: number): string {
  return `${(100 * share).toFixed(most < 0.05 ? 1 : 0)}%`;
}
