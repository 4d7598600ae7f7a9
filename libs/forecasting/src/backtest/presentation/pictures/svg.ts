/** Text that cannot become markup: names may come from a file. */
export function escaped(text: string): string {
  return text.replace(
    /[&<>"']/g,
    (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char] ?? '&#39;',
  );
}

type Attributes = Readonly<Record<string, string | number>>;

/** One SVG element; numbers are rounded to what a screen can show. */
export function element(name: string, attributes: Attributes, content = ''): string {
  const written = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escaped(shown(value))}"`)
    .join('');
  return content === '' ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

function shown(value: string | number): string {
  return typeof value === 'string' ? value : String(Math.round(100 * value) / 100);
}

export function text(x: number, y: number, content: string, attributes: Attributes = {}): string {
  return element('text', { x, y, ...attributes }, escaped(content));
}

/** A picture that grows with its column, named for who cannot see it. */
export function picture(width: number, height: number, title: string, content: string): string {
  return element(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': title },
    content,
  );
}

/** Maps a range of values to a range of pixels. */
export function linear(
  [low, high]: readonly [number, number],
  [from, to]: readonly [number, number],
): (value: number) => number {
  const span = high - low;
  return (value) => from + (span === 0 ? 0 : ((value - low) / span) * (to - from));
}

/** At most about `most` round numbers from 0 to `high`. */
export function ticks(high: number, most = 5): number[] {
  if (!(high > 0)) return [0];
  const rough = high / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough) ?? rough;
  return Array.from({ length: Math.floor(high / step + 1e-9) + 1 }, (_, i) => i * step);
}

export function path(points: readonly (readonly [number, number])[]): string {
  return points
    .map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`)
    .join('');
}
