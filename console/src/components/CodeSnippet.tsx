import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import { useTranslation } from 'react-i18next';
import './CodeSnippet.css';

/** Text to be pasted elsewhere, with a button that copies it. `label` says what it is. */
export function CodeSnippet(props: { label: string; text: string }) {
  const { t } = useTranslation();
  return (
    <div className="snippet">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable area has to be reached with the keyboard */}
      <section className="snippet-text" tabIndex={0} aria-label={props.label}>
        <pre className="code">{props.text}</pre>
      </section>
      <CopyToClipboard
        variant="icon"
        textToCopy={props.text}
        copyButtonAriaLabel={`${t('copy')}: ${props.label}`}
        copySuccessText={t('copied')}
        copyErrorText={t('copyFailed')}
      />
    </div>
  );
}
