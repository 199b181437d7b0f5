import type { I18nProviderProps } from '@cloudscape-design/components/i18n';
import i18next, { type ResourceLanguage } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Language } from '@/stores/preferences';
import type { English } from './catalogue';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'shell';
    resources: English;
  }
}

const CATALOGUES: Record<
  Language,
  () => Promise<{ catalogue: ResourceLanguage; componentMessages: I18nProviderProps.Messages }>
> = {
  en: () => import('./en'),
  ko: () => import('./ko'),
};

/** What the design system's own parts say, in the languages that were spoken so far. */
export const componentMessages: I18nProviderProps.Messages[] = [];

/** Show everything in this language from now on; only the catalogue that is needed is loaded. */
export async function speak(language: Language): Promise<void> {
  const { catalogue, componentMessages: messages } = await CATALOGUES[language]();
  if (!componentMessages.includes(messages)) componentMessages.push(messages);
  if (!i18next.isInitialized) {
    await i18next.use(initReactI18next).init({
      lng: language,
      resources: { [language]: catalogue },
      defaultNS: 'shell',
      interpolation: { escapeValue: false },
      returnNull: false,
    });
  } else {
    for (const [page, texts] of Object.entries(catalogue)) i18next.addResourceBundle(language, page, texts, true, true);
    await i18next.changeLanguage(language);
  }
  document.documentElement.lang = language;
}
