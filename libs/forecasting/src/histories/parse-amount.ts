export type DecimalMark = 'point' | 'comma';

const PLAIN: Readonly<Record<DecimalMark, RegExp>> = {
  point: /^-?\d*\.?\d*$/,
  comma: /^-?\d*,?\d*$/,
};
/** Groups are of three: in "12,5" with a decimal point the comma is a mistake, not a separator. */
const GROUPED: Readonly<Record<DecimalMark, RegExp>> = {
  point: /^-?\d{1,3}(,\d{3})+(\.\d*)?$/,
  comma: /^-?\d{1,3}(\.\d{3})+(,\d*)?$/,
};

/** Far above any total, far below where sums of minor units would stop being exact. */
const MOST_MINOR = 1e12;

/** An amount in minor units (hundredths), which add up exactly in any order; undefined where the cell is no amount. */
export function parseAmountMinor(cell: string, mark: DecimalMark = 'point'): number | undefined {
  const bare = cell.replace(/[\s\u00a0']/g, '').replace(/^(-?)[$€£]/, '$1');
  const grouped = GROUPED[mark].test(bare);
  if (!grouped && !(PLAIN[mark].test(bare) && /\d/.test(bare))) return undefined;
  const [group, decimal] = mark === 'point' ? [',', '.'] : ['.', ','];
  const plain = grouped ? bare.replaceAll(group, '') : bare;
  const minor = Math.round(Number(plain.replace(decimal, '.')) * 100);
  return Math.abs(minor) <= MOST_MINOR ? minor : undefined;
}
