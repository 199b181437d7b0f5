import { useChange } from './useChange';

/** Makes a group. */
export function useCreateGroup() {
  return useChange('create_group', ['list_groups']);
}

/** Gives a group another filter, which decides about traces that arrive from now on. */
export function useUpdateGroup() {
  return useChange('update_group', ['list_groups', 'map', 'find_traces', 'overview']);
}

/** Removes a group; its traces stay. */
export function useDeleteGroup() {
  return useChange('delete_group', ['list_groups']);
}
