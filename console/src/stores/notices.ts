import { create } from 'zustand';

/** Something that was done, told once on whichever page is shown next. */
export interface Notice {
  id: number;
  type: 'success' | 'info';
  text: string;
}

interface Notices {
  shown: readonly Notice[];
  tell(type: Notice['type'], text: string): void;
  dismiss(id: number): void;
}

let latest = 0;

/** What was done lately and not dismissed yet. */
export const useNotices = create<Notices>((set) => ({
  shown: [],
  tell: (type, text) => {
    latest += 1;
    const notice = { id: latest, type, text };
    set(({ shown }) => ({ shown: [...shown.slice(-2), notice] }));
  },
  dismiss: (id) => set(({ shown }) => ({ shown: shown.filter((notice) => notice.id !== id) })),
}));
