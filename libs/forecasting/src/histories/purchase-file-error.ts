import { RegularsError } from '@regulars/kernel';

/** A purchase file that cannot be read at all; a single bad row never throws, it is counted in the {@link ReadReport}. */
export class PurchaseFileError extends RegularsError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('purchase-file', message, options);
  }
}
