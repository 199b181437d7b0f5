import type { catalogue } from './en';

/** English is the catalogue that all others follow. */
export type English = typeof catalogue;

/** The same keys in another language; a language without a singular leaves out the keys that end in `_one`. */
export type Translation<Page> = {
  [Key in keyof Page as Key extends `${string}_one` ? never : Key]: string;
};

/** A whole catalogue in another language. */
export type Catalogue = { [Page in keyof English]: Translation<English[Page]> };
