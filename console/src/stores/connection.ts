import { create } from 'zustand';

interface Connection {
  state: 'ok' | 'away' | 'session';
  report(state: Connection['state']): void;
}

/** Whether the server answered last. Set by the query cache, shown by the shell. */
export const useConnection = create<Connection>((set) => ({ state: 'ok', report: (state) => set({ state }) }));
