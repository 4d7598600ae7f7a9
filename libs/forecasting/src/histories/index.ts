export { delimiterOf, MOST_RECORD_CHARACTERS, peekLine } from './csv-head.js';
export { type DateOrder, parseDay } from './parse-day.js';
export { type DecimalMark, parseAmountMinor } from './parse-amount.js';
export { dayRange, type Histories } from './histories.js';
export { PurchaseFileError } from './purchase-file-error.js';
export { PurchaseTable } from './purchase-table.js';
export { type DropReason, ReadReport } from './read-report.js';
export { readCdnow } from './read-cdnow.js';
export { type PurchasesRead, type ReadOptions, readPurchases } from './read-purchases.js';
