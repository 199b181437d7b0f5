import { useEffect, useRef, useState } from 'react';

/** Why the table stands still although it is live; null while it follows. */
export type PauseReason = 'pausedPointer' | 'pausedFocus' | 'pausedSelection' | null;

/** Whether the table has to stand still, and what to attach to its surroundings to know. */
export function usePause(selected: number) {
  const [isPointed, setPointed] = useState(false);
  const [isFocused, setFocused] = useState(false);
  const reason: PauseReason =
    selected > 0 ? 'pausedSelection' : isPointed ? 'pausedPointer' : isFocused ? 'pausedFocus' : null;
  return {
    reason,
    watch: {
      onPointerEnter: () => setPointed(true),
      onPointerLeave: () => setPointed(false),
      onFocus: (event: { target: EventTarget }) =>
        setFocused(event.target instanceof Element && event.target.closest('tbody') !== null),
      onBlur: () => setFocused(false),
    },
  };
}

const MARKED_MS = 4_000;

/** The ids that were not there a moment ago. Of the first answer, and of one to another question, none is new. */
export function useNewIds(ids: readonly string[], question: string, isLive: boolean): ReadonlySet<string> {
  const known = useRef<{ question: string; ids: Set<string> } | null>(null);
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const list = ids.join(' ');
  useEffect(() => {
    const now = new Set(list ? list.split(' ') : []);
    const before = known.current;
    known.current = isLive && now.size ? { question, ids: now } : null;
    if (!isLive || before?.question !== question) return;
    const added = [...now].filter((id) => !before.ids.has(id));
    if (!added.length) return;
    setMarked((old) => new Set([...old, ...added]));
    const timer = setTimeout(() => {
      setMarked((old) => new Set([...old].filter((id) => !added.includes(id))));
    }, MARKED_MS);
    return () => clearTimeout(timer);
  }, [list, question, isLive]);
  return marked;
}
