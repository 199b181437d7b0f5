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

/** Texts that come with the page that shows them: nobody waits for them at the first visit. */
const OF_PAGES = {
  insights: { en: () => import('./en/insights'), ko: () => import('./ko/insights') },
} satisfies Record<string, Record<Language, () => Promise<ResourceLanguage>>>;

type PageWithTexts = keyof typeof OF_PAGES;
const learned = new Set<PageWithTexts>();

/** Have the texts of such a page, in the language in force and in every one that is spoken later. */
export async function learn(page: PageWithTexts): Promise<void> {
  learned.add(page);
  // Before the first language is spoken there is none to learn in; `speak` does it then.
  if (i18next.isInitialized) addTexts(i18next.language, await OF_PAGES[page][i18next.language as Language]());
}

function addTexts(language: string, catalogue: ResourceLanguage): void {
  for (const [page, texts] of Object.entries(catalogue)) i18next.addResourceBundle(language, page, texts, true, true);
}

/** What the design system's own parts say, in the languages that were spoken so far. */
export const componentMessages: I18nProviderProps.Messages[] = [];

/** Show everything in this language from now on; only the catalogue that is needed is loaded. */
export async function speak(language: Language): Promise<void> {
  const { catalogue: shared, componentMessages: messages } = await CATALOGUES[language]();
  const own = await Promise.all([...learned].map((page) => OF_PAGES[page][language]()));
  const catalogue = Object.assign({}, shared, ...own) as ResourceLanguage;
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
    addTexts(language, catalogue);
    await i18next.changeLanguage(language);
  }
  document.documentElement.lang = language;
}
