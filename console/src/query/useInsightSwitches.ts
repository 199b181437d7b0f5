import { useChange } from './useChange';

/** Whether a group is watched and its insights are sent on. */
export function useInsightSwitches() {
  return useChange('insight_switches', ['insights']);
}
