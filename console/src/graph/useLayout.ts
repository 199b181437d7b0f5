import { useEffect, useRef, useState } from 'react';
import { arrange, keptLayout } from './arrange';
import { fitIn } from './fitIn';
import { covers, type Layout, type Structure } from './structure';

interface Arranged {
  layout: Layout;
  arrangement: string;
}

/**
 * The layout of a structure; while a new one is computed that of the structure before, null before the first.
 *
 * Whatever is there already stays where it is: nothing is computed while everything has a place, and a little that is
 * new is fitted in. A change of `arrangement` begins afresh.
 */
export function useLayout(structure: Structure, arrangement: string): Arranged | null {
  const [arranged, setArranged] = useState<Arranged | null>(() => {
    const layout = keptLayout(structure);
    return layout && { layout, arrangement };
  });
  const current = useRef(arranged);
  current.current = arranged;
  // biome-ignore lint/correctness/useExhaustiveDependencies: equal structures have equal ids
  useEffect(() => {
    const before = current.current?.arrangement === arrangement ? current.current.layout : null;
    if (before && covers(before, structure)) return;
    const grown = before && fitIn(structure, before);
    if (grown) {
      setArranged({ layout: grown, arrangement });
      return;
    }
    let isWanted = true;
    arrange(structure, before).then(
      (layout) => isWanted && setArranged({ layout, arrangement }),
      (error: unknown) =>
        setArranged(() => {
          throw error;
        }),
    );
    return () => {
      isWanted = false;
    };
  }, [structure.id, arrangement]);
  return arranged;
}
