/** What each report says about itself: how its numbers are made, and what is usual in the field. */
export const reportTexts = {
  'repeat-purchases': {
    formula:
      "share = repeat purchase days / purchase days, where a repeat purchase day is any day with a purchase after the customer's first; " +
      'returningShare = buyers with a repeat purchase day in the period / buyers in the period. Fully refunded and removed orders do not count.',
    benchmark: 'Half of sales being repeat purchases is good in e-commerce.',
  },
  revenue: {
    formula:
      "revenueMinor = sum of order totals net of refunds; repeatRevenueMinor = the part of it from purchase days after the customer's first; " +
      'repeatShare = repeatRevenueMinor / revenueMinor. Each currency by itself.',
    benchmark: 'Half of sales being repeat purchases is good in e-commerce.',
  },
  'average-check': {
    formula:
      'averageCheckMinor = revenue net of refunds / number of orders, rounded to the minor unit; repeatAverageCheckMinor = the same over ' +
      "orders on purchase days after the customer's first. Each currency by itself.",
  },
  frequency: {
    formula:
      'purchaseDaysPerBuyer = purchase days / customers who bought in the period; meanGapDays = mean number of days from the purchase day ' +
      'before to each repeat purchase day of the period.',
  },
  segments: {
    formula:
      'customers = members of the segment at the end of the last day of the period (today for a running one); share = customers / all customers ' +
      'who have bought (every segment but no-purchase). lapsed and no-cycle together are lost.',
  },
  churn: {
    formula:
      'share = churned / base; base = customers who were regular or periodic a year before the last day of the period and are still customers; ' +
      'churned = those of them who are lost (lapsed) on that day. Null while nobody was known as regular or periodic a year before.',
    benchmark: 'Companies commonly lose 20-40 % of their customers a year.',
  },
  touches: {
    formula:
      'touches = touches due in the period, each counted once under its present outcome; purchases = orders that came within 14 days after a ' +
      "touch that was captured, sent or may have been sent, each credited to the customer's last such touch, by that touch's period. " +
      'A plain attribution: it does not say that the touch caused the purchase.',
  },
  'forecast-record': {
    formula:
      'insideShare = purchases that fell inside the window published before them / purchases judged against a window, to be compared with ' +
      'promisedShare, the mean probability stated with those windows; medianErrorDays = median of |purchase day - due day|; ' +
      'medianBaselineErrorDays = the same for the plain forecast "last purchase + mean gap".',
  },
  customers: {
    formula:
      'customersWithPurchases = customers with at least one purchase day; returningCustomers = with at least two; repeatPurchaseRate = ' +
      'returningCustomers / customersWithPurchases; orders, purchaseDays and revenue (net of refunds) over all time. Fully refunded and removed orders do not count.',
    benchmark: 'A quarter of customers returning is a fair shop.',
  },
  overview: {
    formula:
      'The last 30 days, today included: repeatShare = repeat purchase days / purchase days; revenue, repeat revenue and average check as in their reports. ' +
      'As of today: repeatPurchaseRate as in customers, segments as in segments, churn as in churn.',
    benchmark:
      'A quarter of customers returning is a fair shop; half of sales being repeat is good in e-commerce; 20-40 % annual loss is common.',
  },
} as const satisfies Record<string, { formula: string; benchmark?: string }>;

export type ReportName = keyof typeof reportTexts;
