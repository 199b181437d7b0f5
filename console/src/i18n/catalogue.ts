import type { catalogue } from './en';
import type { insights } from './en/insights';

/** English is the catalogue that all others follow; pages that bring their own texts are part of it. */
export type English = typeof catalogue & { insights: typeof insights };

/** The same keys in another language; a language without a singular leaves out the keys that end in `_one`. */
export type Translation<Page> = {
  [Key in keyof Page as Key extends `${string}_one` ? never : Key]: string;
};

/** The catalogue in another language that is loaded at first. */
export type Catalogue = { [Page in keyof typeof catalogue]: Translation<English[Page]> };
