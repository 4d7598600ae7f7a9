import { describe, expect, it } from '@jest/globals';
import { purchaseReader, type PurchaseRules } from './purchase-rows.js';
import type { RowReader } from './row.js';

const columns = ['customer_id', 'date', 'amount'];

function reader(names: readonly string[] = columns, over: Partial<PurchaseRules> = {}): RowReader {
  return purchaseReader(names, {
    source: 'import',
    currency: 'EUR',
    dateOrder: 'ymd',
    decimal: 'point',
    map: new Map(),
    ...over,
  });
}

function body(read: RowReader, ...cells: string[]): Readonly<Record<string, unknown>> {
  const item = read.read({ line: 2, cells });
  if (!item.ok) throw new Error(item.error.reason);
  return item.value.body;
}

function reason(read: RowReader, ...cells: string[]): string {
  const item = read.read({ line: 2, cells });
  return item.ok ? 'accepted' : (item.error.reason.split(':')[0] ?? '');
}

describe('purchaseReader', () => {
  it('makes an imported purchase of a row', () => {
    expect(body(reader(), '42', '2026-03-14', '11.77')).toEqual({
      source: 'import',
      orderId: expect.stringMatching(/^row:[A-Za-z0-9_-]{27}:1$/),
      customer: { externalId: '42', source: 'import' },
      purchaseDay: '2026-03-14',
      total: { amountMinor: 1177, currency: 'EUR' },
      imported: true,
    });
  });

  it('understands every column that it names, in any order and spelling', () => {
    const read = reader([
      'Order ID',
      'DATE',
      'amount',
      'currency',
      'product-id',
      'category',
      'quantity',
      'phone',
      'email',
      'name',
      'other',
    ]);
    const cells = [
      'o-1',
      '2026-03-14',
      '5',
      'usd',
      'p1',
      'a/b',
      '2',
      '+49 30 1',
      'a@b.example',
      'Ada',
      'x',
    ];

    expect(body(read, ...cells)).toEqual({
      source: 'import',
      orderId: 'o-1',
      customer: { phone: '+49 30 1', email: 'a@b.example', name: 'Ada' },
      purchaseDay: '2026-03-14',
      total: { amountMinor: 500, currency: 'USD' },
      lines: [{ productId: 'p1', category: 'a/b', quantity: 2, amountMinor: 500 }],
      imported: true,
    });
  });

  it('counts equal rows as purchases of their own, and gives the same ids again', () => {
    const ids = (): unknown[] => {
      const read = reader();
      return [
        body(read, '42', '2026-03-14', '11.77')['orderId'],
        body(read, '42', '2026-03-14', '11.78')['orderId'],
        body(read, '42', '2026-03-14', '11.77')['orderId'],
      ];
    };
    const [first, other, second] = ids();

    expect(new Set([first, other, second]).size).toBe(3);
    expect(String(second)).toBe(String(first).replace(/:1$/, ':2'));
    expect(ids()).toEqual([first, other, second]);
  });

  it('gives a row the same id whatever order its columns stand in', () => {
    const turned = reader(['amount', 'note', 'date', 'customer_id']);

    expect(body(turned, '11.77', 'x', '2026-03-14', '42')['orderId']).toBe(
      body(reader(), '42', '2026-03-14', '11.77')['orderId'],
    );
  });

  it('keeps the id of a rejected row, so that corrected it is the purchase it was', () => {
    const item = reader().read({ line: 2, cells: ['42', '14.3.', '11.77'] });

    expect(item).toMatchObject({ error: { orderId: expect.stringMatching(/^row:/) } });
  });

  it.each([
    [['', '2026-03-14', '1'], 'customer-missing'],
    [['a b', '2026-03-14', '1'], 'customer-id-not-a-code'],
    [['42', 'yesterday', '1'], 'date-not-understood'],
    [['42', '2026-03-14', '1.001'], 'amount-not-understood'],
    [['42', '2026-03-14', '-1'], 'amount-negative'],
    [['42', '2026-03-14', '0.00'], 'accepted'],
  ])('judges %j: %s', (cells, expected) => {
    expect(reason(reader(), ...cells)).toBe(expected);
  });

  it('says which columns there are when one is missing', () => {
    expect(() => reader(['customer_id', 'order_date', 'amount'])).toThrow(
      'The file has no column date. It has: customer_id, order_date, amount.',
    );
    expect(() => reader(['date', 'amount'])).toThrow('no column customer_id or phone or email');
    expect(() => reader(columns, { map: new Map([['date', 'when']]) })).toThrow('no column "when"');
    expect(() => reader(columns, { map: new Map([['dat', 'date']]) })).toThrow('no field "dat"');
  });

  it('takes a column by the name that it is given', () => {
    const read = reader(['kunde', 'datum', 'amount'], {
      map: new Map([
        ['customer_id', 'Kunde'],
        ['date', 'datum'],
      ]),
    });

    expect(body(read, '42', '2026-03-14', '1')).toMatchObject({ purchaseDay: '2026-03-14' });
  });

  it('asks for a currency before it reads a row', () => {
    const rules = { source: 's', dateOrder: 'ymd', decimal: 'point', map: new Map() } as const;

    expect(() => purchaseReader(columns, rules)).toThrow('--currency');
    expect(() => purchaseReader([...columns, 'currency'], rules)).not.toThrow();
  });
});
