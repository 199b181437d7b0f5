import { useAsk } from './useAsk';
import { useChange } from './useChange';

const EVERY_MS = 5_000;
const SOON_MS = 1_000;

/** Every stack of the lab. */
export function useLabStacks() {
  return useAsk('lab_stacks', [], () => ({}), { refetchInterval: EVERY_MS, placeholderData: () => undefined });
}

/** What happened to a stack; asked every second while something is under way. */
export function useLabEvents(name: string) {
  return useAsk('lab_events', [name], () => ({ name }), {
    refetchInterval: (query) => (query.state.data?.settled ? EVERY_MS : SOON_MS),
    placeholderData: () => undefined,
  });
}

/** Begins to delete a stack. */
export function useDeleteStack() {
  return useChange('lab_delete_stack', ['lab_stacks', 'lab_events', 'lab_functions', 'lab_log_groups']);
}

/** Every function of the lab. */
export function useLabFunctions() {
  return useAsk('lab_functions', [], () => ({}), { refetchInterval: EVERY_MS });
}

/** One function and its files. */
export function useLabFunction(name: string) {
  return useAsk('lab_function', [name], () => ({ name }), { placeholderData: () => undefined });
}

/** The newest lines of a function's log; of one request where its id is given. */
export function useLabLogs(name: string, requestId: string) {
  return useAsk('lab_logs', [name, requestId], () => ({ name, limit: 1000, request_id: requestId || null }), {
    refetchInterval: EVERY_MS,
  });
}

/** What carries a tag; nothing is asked without a key. */
export function useLabResources(key: string, value: string) {
  return useAsk('lab_resources', [key, value], () => ({ key, value }), {
    enabled: key !== '',
    placeholderData: () => undefined,
  });
}

/** Every log group, those of deleted functions included. */
export function useLabLogGroups() {
  return useAsk('lab_log_groups', [], () => ({}));
}

/** Deletes the log of a function. */
export function useDeleteLogs() {
  return useChange('lab_delete_logs', ['lab_log_groups', 'lab_logs']);
}

/** The faults that are on, and all there are. */
export function useLabFaults() {
  return useAsk('lab_faults', [], () => ({}), { refetchInterval: EVERY_MS });
}

/** Turns a fault on or off. */
export function useSetFault() {
  return useChange('lab_set_fault', ['lab_faults', 'lab_function', 'lab_functions']);
}
