import Button from '@cloudscape-design/components/button';
import { type FormEvent, useId } from 'react';
import { useTranslation } from 'react-i18next';
import './charts.css';

/** Two fields of milliseconds: what the pointer does with a brush, done with the keyboard. */
export function LengthFields(props: {
  selection: { fromMs: number; toMs: number } | null;
  onSelect(range: { fromMs: number; toMs: number } | null): void;
}) {
  const { t } = useTranslation();
  const id = useId();
  const { selection, onSelect } = props;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const values = new FormData(event.currentTarget);
    const fromMs = Number(values.get('from') || 0);
    const toMs = Number(values.get('to') || Number.NaN);
    if (toMs > fromMs) onSelect({ fromMs, toMs });
  };
  return (
    <form className="chart-fields" onSubmit={submit} key={`${selection?.fromMs}-${selection?.toMs}`}>
      <label htmlFor={`${id}from`}>{t('chartFrom')}</label>
      <input id={`${id}from`} name="from" type="number" min="0" step="any" defaultValue={selection?.fromMs} />
      <label htmlFor={`${id}to`}>{t('chartTo')}</label>
      <input id={`${id}to`} name="to" type="number" min="0" step="any" defaultValue={selection?.toMs} />
      <span>ms</span>
      <Button variant="inline-link" formAction="submit">
        {t('applyFilter')}
      </Button>
      {selection && (
        <Button variant="inline-link" formAction="none" onClick={() => onSelect(null)}>
          {t('clearSelection')}
        </Button>
      )}
    </form>
  );
}
