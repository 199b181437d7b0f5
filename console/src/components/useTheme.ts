import { applyMode, Mode } from '@cloudscape-design/global-styles';
import { useEffect, useSyncExternalStore } from 'react';
import { usePreferences } from '@/stores/preferences';

const systemIsDark = window.matchMedia('(prefers-color-scheme: dark)');

function onSystemChange(notify: () => void): () => void {
  systemIsDark.addEventListener('change', notify);
  return () => systemIsDark.removeEventListener('change', notify);
}

/** Whether pages are dark now. */
export function useIsDark(): boolean {
  const theme = usePreferences((preferences) => preferences.theme);
  const isSystemDark = useSyncExternalStore(onSystemChange, () => systemIsDark.matches);
  return theme === 'dark' || (theme === 'system' && isSystemDark);
}

/** Keeps the document in the theme that is preferred. */
export function useTheme(): void {
  const isDark = useIsDark();
  useEffect(() => {
    applyMode(isDark ? Mode.Dark : Mode.Light);
    document.documentElement.style.colorScheme = isDark ? 'dark' : 'light';
  }, [isDark]);
}
