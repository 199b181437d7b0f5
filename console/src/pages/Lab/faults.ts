/** What a fault's amount counts; null where there is none. */
export type AmountUnit = 'seconds' | 'share' | 'perSecond' | null;

/** The faults that the lab is known to have, with what their amounts are and usually are. */
const KNOWN: Record<string, { unit: AmountUnit; usual: number | null; text: FaultText }> = {
  'slow-query': { unit: 'seconds', usual: 0.5, text: 'faultSlowQuery' },
  throttling: { unit: 'share', usual: 0.5, text: 'faultThrottling' },
  'invalid-input': { unit: 'perSecond', usual: 2, text: 'faultInvalidInput' },
  crash: { unit: null, usual: null, text: 'faultCrash' },
  timeout: { unit: null, usual: null, text: 'faultTimeout' },
  'out-of-memory': { unit: null, usual: null, text: 'faultOutOfMemory' },
};

export type FaultText =
  | 'faultSlowQuery'
  | 'faultThrottling'
  | 'faultInvalidInput'
  | 'faultCrash'
  | 'faultTimeout'
  | 'faultOutOfMemory';

/** What is known of a fault; of one that a newer lab has, nothing. */
export function factsOf(fault: string): { unit: AmountUnit; usual: number | null; text: FaultText | null } {
  return KNOWN[fault] ?? { unit: null, usual: null, text: null };
}

/** The amount that a field holds: null for the usual one, undefined where it is no amount of this unit. */
export function amountFrom(text: string, unit: AmountUnit): number | null | undefined {
  if (!text.trim() || unit === null) return null;
  const amount = Number(text);
  const most = unit === 'share' ? 1 : Number.POSITIVE_INFINITY;
  return Number.isFinite(amount) && amount > 0 && amount <= most ? amount : undefined;
}
