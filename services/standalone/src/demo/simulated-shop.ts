import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { addDays, daysBetween, type Day } from '@regulars/kernel';

/** How a simulated customer buys; nobody tells Regulars. */
export type Rhythm = 'steady' | 'loose' | 'once' | 'leaving';

export interface SimulatedCustomer {
  readonly externalId: string;
  readonly name: string;
  readonly phone: string;
  readonly email: string;
  readonly timeZone: string;
  readonly consents: boolean;
  readonly rhythm: Rhythm;
  readonly gapDays: number;
}

export interface SimulatedPurchase {
  readonly orderId: string;
  readonly externalId: string;
  readonly day: Day;
  readonly amountMinor: number;
  readonly productId: string;
  readonly category: string;
}

export interface SimulatedShop {
  readonly customers: readonly SimulatedCustomer[];
  readonly purchasesByDay: ReadonlyMap<Day, readonly SimulatedPurchase[]>;
}

const FIRST = [
  'Ana',
  'Ben',
  'Carla',
  'Deniz',
  'Emil',
  'Fatima',
  'Greta',
  'Hugo',
  'Ines',
  'Jonas',
  'Kim',
  'Lena',
  'Mats',
  'Nora',
  'Olga',
  'Paul',
  'Rosa',
  'Sven',
  'Tara',
  'Uwe',
];
const LAST = [
  'Adler',
  'Berg',
  'Costa',
  'Dorn',
  'Eder',
  'Fuchs',
  'Gruber',
  'Haas',
  'Ivanov',
  'Jensen',
  'Kaya',
  'Lang',
  'Moreau',
  'Novak',
  'Otto',
  'Peters',
  'Reis',
  'Stein',
  'Toth',
  'Weber',
];
const ZONES = ['Europe/Berlin', 'Europe/Berlin', 'Europe/Berlin', 'Europe/Lisbon', 'Europe/Athens'];
const PRODUCTS = [
  { productId: 'coffee-1kg', category: 'coffee', amountMinor: 2490 },
  { productId: 'tea-box', category: 'tea', amountMinor: 1490 },
  { productId: 'filter-100', category: 'accessories', amountMinor: 690 },
  { productId: 'machine-care', category: 'accessories', amountMinor: 1890 },
] as const;

/** A shop of coffee and tea: seeded, so that the same numbers give the same year. */
export function simulateShop(options: {
  readonly customers: number;
  readonly from: Day;
  readonly to: Day;
  readonly seed: number;
}): SimulatedShop {
  const random = randomSource(options.seed);
  const customers = Array.from({ length: options.customers }, (_, index) =>
    makeCustomer(index, random),
  );
  const purchases = customers.flatMap((customer) => purchasesOf(customer, options, random));
  return { customers, purchasesByDay: Map.groupBy(purchases, ({ day }) => day) };
}

interface Random {
  /** Whole number from `min` to `max`, both included. */
  int(min: number, max: number): number;
  chance(probability: number): boolean;
  /** Standard normal, by the sum of twelve uniforms. */
  normal(): number;
  pick<T>(items: readonly T[]): T;
}

function randomSource(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  const int = (min: number, max: number): number => uniformInt(generator, min, max);
  const uniform = (): number => int(0, 1_000_000) / 1_000_000;
  return {
    int,
    chance: (probability) => uniform() < probability,
    normal: () => Array.from({ length: 12 }, uniform).reduce((sum, value) => sum + value, -6),
    pick: (items) => items[int(0, items.length - 1)] as (typeof items)[number],
  };
}

function makeCustomer(index: number, random: Random): SimulatedCustomer {
  const first = random.pick(FIRST);
  const last = random.pick(LAST);
  const draw = random.int(1, 100);
  const rhythm = draw <= 40 ? 'steady' : draw <= 65 ? 'loose' : draw <= 85 ? 'once' : 'leaving';
  return {
    externalId: `demo-${String(index + 1)}`,
    name: `${first} ${last}`,
    phone: `+4915${String(100_000_000 + index)}`,
    email: `${first}.${last}.${String(index + 1)}@demo.example`.toLowerCase(),
    timeZone: random.pick(ZONES),
    consents: random.chance(0.85),
    rhythm,
    gapDays: random.pick([14, 21, 28, 30, 35, 45, 60, 90]),
  };
}

const SPREAD: Readonly<Record<Rhythm, number>> = {
  steady: 0.12,
  loose: 0.6,
  once: 0,
  leaving: 0.25,
};

function purchasesOf(
  customer: SimulatedCustomer,
  { from, to }: { readonly from: Day; readonly to: Day },
  random: Random,
): SimulatedPurchase[] {
  const purchases: SimulatedPurchase[] = [];
  const length = daysBetween(from, to);
  // Two thirds are there from the first quarter on; the others come in over the year.
  let day = addDays(
    from,
    random.chance(0.66) ? random.int(0, Math.floor(length / 4)) : random.int(0, length),
  );
  for (let n = 1; day <= to; n += 1) {
    const product = random.pick(PRODUCTS);
    purchases.push({
      orderId: `${customer.externalId}-${String(n)}`,
      externalId: customer.externalId,
      day,
      amountMinor: product.amountMinor * random.int(1, 3),
      productId: product.productId,
      category: product.category,
    });
    if (customer.rhythm === 'once' || (customer.rhythm === 'leaving' && random.chance(0.35))) break;
    const gap = customer.gapDays * Math.exp(SPREAD[customer.rhythm] * random.normal());
    day = addDays(day, Math.max(1, Math.round(gap)));
  }
  return purchases;
}
