import Popover from '@cloudscape-design/components/popover';
import { useTranslation } from 'react-i18next';

const EXAMPLES = [
  ['service("orders")', 'example_service'],
  ['service("orders") { fault }', 'example_service_fault'],
  ['edge("web", "orders")', 'example_edge'],
  ['annotation.plan = "gold"', 'example_annotation'],
  ['responsetime > 1', 'example_responsetime'],
  ['fault = true', 'example_fault'],
  ['http.status = 404', 'example_status'],
  ['http.url CONTAINS "/checkout"', 'example_url'],
  ['user = "alice"', 'example_user'],
] as const;

/** The most useful expressions, each to be put into the query. */
export function FilterBarHelp(props: { onChoose(example: string): void }) {
  const { t } = useTranslation('filter');
  return (
    <Popover
      header={t('syntaxTitle')}
      size="large"
      position="bottom"
      triggerType="text"
      content={
        <>
          <p>{t('syntaxWhat')}</p>
          <ul className="filter-bar-examples">
            {EXAMPLES.map(([example, meaning]) => (
              <li key={example}>
                <button type="button" onClick={() => props.onChoose(example)}>
                  {example}
                </button>
                <small>{t(meaning)}</small>
              </li>
            ))}
          </ul>
        </>
      }
    >
      {t('syntax')}
    </Popover>
  );
}
