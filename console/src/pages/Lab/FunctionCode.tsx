import Box from '@cloudscape-design/components/box';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { visible } from '@/model/format';
import { handlerFile } from './handlerFile';
import './lab.css';

/** The files of a function, to be read; first the one with its handler. */
export function FunctionCode(props: { source: Readonly<Record<string, string>>; handler: string }) {
  const { t } = useTranslation('lab');
  const { t: shell } = useTranslation();
  const files = Object.keys(props.source);
  const [chosen, setChosen] = useState('');
  const file = files.includes(chosen) ? chosen : handlerFile(props.handler, files);
  const text = props.source[file] ?? '';
  const lines = text.replace(/\n$/, '').split('\n');
  return (
    <SpaceBetween size="s">
      <Box color="text-body-secondary">{t('codeWhat')}</Box>
      <SpaceBetween direction="horizontal" size="s" alignItems="center">
        <SegmentedControl
          label={t('files')}
          selectedId={file}
          options={files.map((id) => ({ id, text: visible(id) }))}
          onChange={({ detail }) => setChosen(detail.selectedId)}
        />
        <CopyToClipboard
          variant="icon"
          textToCopy={text}
          copyButtonAriaLabel={t('copyFile', { file })}
          copySuccessText={shell('copied')}
          copyErrorText={shell('copyFailed')}
        />
      </SpaceBetween>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable area has to be reached with the keyboard */}
      <section className="lab-code code" tabIndex={0} aria-label={visible(file)}>
        <pre className="lab-line-numbers" aria-hidden>
          {lines.map((_, index) => index + 1).join('\n')}
        </pre>
        <pre>{lines.map(visible).join('\n')}</pre>
      </section>
    </SpaceBetween>
  );
}
