import type { i18n as I18n, TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { FilterPlace as FilterTrouble } from '@/api/client';
import type { English } from '@/i18n/catalogue';
import type { FilterOption } from '@/model/filterOptions';
import { formatCount, visible } from '@/model/format';
import type { FilterEditorTexts } from './FilterBarEditor';

type Key = Extract<keyof English['filter'], `means_${string}` | `expected_${string}`>;

const SIGNS: Record<string, string> = {
  '=': 'equal',
  '!=': 'not_equal',
  '<': 'less',
  '<=': 'less_equal',
  '>': 'greater',
  '>=': 'greater_equal',
  '!': 'not',
  '(': 'open',
  ')': 'close',
  '{': 'braces',
  '}': 'braces_end',
  ',': 'comma',
  'id_account.id': 'id_account',
};
/** What the server says could have stood somewhere; words and signs that are the same in any language are not here. */
const EXPECTED: Record<string, string> = {
  'a keyword': 'keyword',
  'an annotation': 'annotation',
  'group.name or group.arn': 'group',
  'a root cause': 'cause',
  '= or !=': 'equality',
  '<, <=, > or >=': 'order',
  'CONTAINS, BEGINSWITH or ENDSWITH': 'text',
  'a string': 'string',
  'a number': 'number',
  'true or false': 'boolean',
  'a JSON literal': 'json',
  'name, type or account.id': 'part',
  'end of expression': 'end',
};

/** What the editor says, in the reader's language; the server's words where there are no better ones. */
export function useFilterTexts(): FilterEditorTexts {
  const { t, i18n } = useTranslation('filter');
  return useMemo(
    () => ({
      label: t('label'),
      placeholder: t('placeholder'),
      describe: (option) => describe(option, t, i18n),
      announce: (count) => t('options', { count }),
    }),
    [t, i18n],
  );
}

function describe(option: FilterOption, t: TFunction<'filter'>, i18n: I18n): string {
  const traces = option.traces === null ? '' : t('traceCount', { ns: 'shell', count: option.traces });
  const key = `means_${SIGNS[option.meaning] ?? option.meaning.toLowerCase().replace(/[.-]/g, '_')}`;
  const means = option.meaning && i18n.exists(`filter:${key}`) ? t(key as Key) : visible(option.says);
  return [means, traces].filter(Boolean).join(' · ');
}

/** Why an expression cannot be read, in one line. */
export function troubleText(place: FilterTrouble, message: string, t: TFunction<'filter'>, language: string): string {
  const { line, column } = place;
  if (!place.expected.length) {
    return t('wrongWithout', { line, column, reason: visible(message.replace(/^Error Location:[^:]*: /, '')) });
  }
  const words = place.expected.map((word) => (EXPECTED[word] ? t(`expected_${EXPECTED[word]}` as Key) : word));
  const expected = new Intl.ListFormat(language, { type: 'disjunction' }).format(words);
  return t('wrong', { line: formatCount(line, language), column: formatCount(column, language), expected });
}
