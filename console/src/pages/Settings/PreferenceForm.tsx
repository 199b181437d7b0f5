import ColumnLayout from '@cloudscape-design/components/column-layout';
import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import { useTranslation } from 'react-i18next';
import { type Language, type Theme, usePreferences } from '@/stores/preferences';

const REFRESH_S = [0, 5, 15, 30, 60];

/** What is kept in this browser; every choice holds at once. */
export function PreferenceForm() {
  const { t } = useTranslation('settings');
  const { t: shell } = useTranslation();
  const { theme, language, refreshS, lambdaView, change } = usePreferences();
  return (
    <ColumnLayout columns={2}>
      <Choice
        label={t('theme')}
        value={theme}
        options={[
          ['system', shell('themeSystem')],
          ['light', shell('themeLight')],
          ['dark', shell('themeDark')],
        ]}
        onChange={(value) => change({ theme: value as Theme })}
      />
      <Choice
        label={t('language')}
        value={language ?? ''}
        options={[
          ['', t('languageSystem')],
          ['en', 'English'],
          ['ko', '한국어'],
        ]}
        onChange={(value) => change({ language: value ? (value as Language) : null })}
      />
      <Choice
        label={t('refresh')}
        description={t('refreshWhat')}
        value={String(refreshS)}
        options={REFRESH_S.map((seconds) => [
          String(seconds),
          seconds ? shell('refreshEvery', { seconds }) : shell('refreshOff'),
        ])}
        onChange={(value) => change({ refreshS: Number(value) })}
      />
      <Choice
        label={t('lambda')}
        description={t('lambdaWhat')}
        value={lambdaView}
        options={[
          ['merged', t('lambdaMerged')],
          ['raw', t('lambdaRaw')],
        ]}
        onChange={(value) => change({ lambdaView: value as 'merged' | 'raw' })}
      />
    </ColumnLayout>
  );
}

function Choice(props: {
  label: string;
  description?: string;
  value: string;
  options: readonly (readonly [value: string, label: string])[];
  onChange(value: string): void;
}) {
  const options = props.options.map(([value, label]) => ({ value, label }));
  return (
    <FormField label={props.label} description={props.description ?? ''}>
      <Select
        selectedOption={options.find((option) => option.value === props.value) ?? null}
        options={options}
        onChange={({ detail }) => props.onChange(detail.selectedOption.value ?? '')}
      />
    </FormField>
  );
}
