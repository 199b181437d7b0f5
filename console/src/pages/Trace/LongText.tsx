import Button from '@cloudscape-design/components/button';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { visible } from '@/model/format';
import { textParts } from '@/model/textParts';
import { download } from './download';

const FIRST_CHARACTERS = 10_000;

/** A text of any length: the beginning, and all of it when that is asked for. `fileName` is for downloading. */
export function LongText(props: { text: string; fileName: string; hasActions?: boolean }) {
  const { t, i18n } = useTranslation('trace');
  const { t: shared } = useTranslation();
  const { text } = props;
  const [showsAll, setShowsAll] = useState(false);
  const isLong = text.length > FIRST_CHARACTERS;
  const parts = useMemo(
    () => textParts(showsAll || !isLong ? text : text.slice(0, FIRST_CHARACTERS)).map(visible),
    [text, showsAll, isLong],
  );
  return (
    <SpaceBetween size="xs">
      {(isLong || props.hasActions) && (
        <SpaceBetween direction="horizontal" size="xs" alignItems="center">
          <CopyToClipboard
            copyButtonText={shared('copy')}
            copySuccessText={shared('copied')}
            copyErrorText={shared('copyFailed')}
            textToCopy={text}
          />
          <Button iconName="download" onClick={() => download(props.fileName, text)}>
            {t('download')}
          </Button>
          {isLong && <Button onClick={() => setShowsAll(!showsAll)}>{showsAll ? t('showLess') : t('showAll')}</Button>}
          {isLong && (
            <span className="tl-count">
              {t(showsAll ? 'charactersAll' : 'charactersFirst', {
                first: FIRST_CHARACTERS.toLocaleString(i18n.language),
                all: text.length.toLocaleString(i18n.language),
              })}
            </span>
          )}
        </SpaceBetween>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled with the keyboard */}
      <section className="long-text code" tabIndex={0} aria-label={props.fileName}>
        {parts.map((part, index) => (
          <div key={index}>{part}</div>
        ))}
      </section>
    </SpaceBetween>
  );
}
