/** Closed lists (docs/ARCHITECTURE.md, G4): every deferral and skip names one of these. "Other" is not a reason. */
export const deferReasons = [
  'campaign-paused',
  'consent-unknown',
  'behind',
  'agreement',
  'quiet-hours',
  'frequency-cap',
] as const;
export type DeferReason = (typeof deferReasons)[number];

/** A deferral that would end after its step's time becomes a skip for the same reason. */
export const skipReasons = [
  ...deferReasons,
  'no-consent',
  'no-address',
  'stopped',
  'purchased',
  'left-audience',
  'answered-bought',
  'answered-yes',
  'answered-no',
  'corrected',
  'forecast-withdrawn',
  'merged',
  'erased',
  'day-passed',
  'offer-already-made',
  'template-failed',
] as const;
export type SkipReason = (typeof skipReasons)[number];
