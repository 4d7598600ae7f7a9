import type { Anomaly, Finder } from './anomaly.ts';

interface Numbered {
  readonly where: string;
  readonly number: number;
}

/** A customer's numbers must rise where they are applied, and where they first stand in the log. */
export const reordered: Finder = ({ effects, records }) => {
  const applied = effects.filter(({ outcome }) => outcome === 'applied');
  const seen = new Set<string>();
  const first = records.filter(({ stream, customer, number }) => {
    const name = `${stream} ${customer} ${String(number)}`;
    return !seen.has(name) && seen.add(name);
  });
  return [
    ...falling(
      applied.map(({ consumer, customer, number }) => ({
        where: `${consumer} for ${customer}`,
        number,
      })),
    ),
    ...falling(
      first.map(({ stream, customer, number }) => ({ where: `${stream} for ${customer}`, number })),
    ),
  ];
};

function falling(numbers: readonly Numbered[]): Anomaly[] {
  const last = new Map<string, number>();
  return numbers.flatMap(({ where, number }) => {
    const before = last.get(where) ?? 0;
    last.set(where, Math.max(before, number));
    return number > before
      ? []
      : [
          {
            kind: 'reordered' as const,
            what: `${where}: ${String(number)} after ${String(before)}`,
          },
        ];
  });
}
