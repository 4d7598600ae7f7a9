/** Bodies as the docs show them; a test sends each of them to the real API. */
export const examples = {
  purchase: {
    source: 'shop',
    orderId: 'A-1001',
    customer: { phone: '+49 30 901820', email: 'anna@example.com', name: 'Anna Beispiel' },
    purchasedAt: '2026-01-15T14:30:00+01:00',
    total: { amountMinor: 129_900, currency: 'EUR' },
    lines: [
      { productId: 'phone-7', category: 'phones', quantity: 1, amountMinor: 119_900 },
      { productId: 'case-7', quantity: 2, amountMinor: 10_000, reason: 'gift' },
    ],
  },
  refund: {
    refundId: 'R-77',
    amount: { amountMinor: 5_000, currency: 'EUR' },
    lines: [{ productId: 'case-7', amountMinor: 5_000 }],
    reason: 'damaged',
  },
  correction: { purchasedAt: '2026-01-14T14:30:00+01:00' },
  customer: {
    externalId: 'C-17',
    source: 'crm',
    phone: '030 901821',
    name: 'Bernd Beispiel',
    preferredChannel: 'email',
    email: 'bernd@example.com',
    language: 'de',
    timeZone: 'Europe/Berlin',
    importantDates: [{ kind: 'birthday', date: '1980-05-17' }],
    attributes: { favouriteColour: 'green' },
    consents: [
      {
        channel: 'email',
        purpose: 'marketing',
        state: 'granted',
        wording: 'Yes, remind me by e-mail.',
        evidence: 'till 3, signed form 812',
      },
    ],
  },
  consent: {
    customer: { externalId: 'C-17', source: 'crm' },
    consents: [{ channel: 'sms', state: 'withdrawn', evidence: 'asked on the phone' }],
  },
  product: {
    titles: { en: 'Case for phone 7', de: 'Hülle für Telefon 7' },
    category: 'phones/cases',
    brand: 'Acme',
    goesWith: ['phone-7'],
    consumedInDays: 365,
  },
} as const;
