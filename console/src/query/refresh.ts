import { usePreferences } from '@/stores/preferences';

/** How often a question is asked again, as the query cache wants it; `seconds` overrides the preference. */
export function useRefreshInterval(seconds?: number): number | false {
  const preferred = usePreferences((preferences) => preferences.refreshS);
  const everyS = seconds ?? preferred;
  return everyS ? everyS * 1000 : false;
}
