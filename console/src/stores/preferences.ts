import { create } from 'zustand';
import { persist } from 'zustand/middleware';

export type Theme = 'system' | 'light' | 'dark';
export type Language = 'en' | 'ko';

interface Preferences {
  theme: Theme;
  /** null: what the browser asks for */
  language: Language | null;
  /** Seconds between two looks at the same question; 0 is never. */
  refreshS: number;
  /** Whether the two nodes of a Lambda function are shown as one. */
  lambdaView: 'merged' | 'raw';
  /** By what nodes of a map differ in size. */
  nodeSize: 'none' | 'traffic' | 'health';
  /** Columns of the trace table, by id. */
  traceColumns: string[] | null;
  change(values: Partial<Omit<Preferences, 'change'>>): void;
}

/** What a person chose once and wants to find again; kept in the browser. */
export const usePreferences = create<Preferences>()(
  persist(
    (set) => ({
      theme: 'system',
      language: null,
      refreshS: 0,
      lambdaView: 'merged',
      nodeSize: 'none',
      traceColumns: null,
      change: (values) => set(values),
    }),
    { name: 'raylens.preferences' },
  ),
);

/** The language in force. */
export function languageInForce(chosen: Language | null): Language {
  return chosen ?? (navigator.language.toLowerCase().startsWith('ko') ? 'ko' : 'en');
}
