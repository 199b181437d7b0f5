import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import { useTranslation } from 'react-i18next';
import type { Trouble } from '@/api/client';
import { visible } from '@/model/format';

/** Why something could not be shown, and what to do; nothing while the banner of the shell says it already. */
export function TroubleAlert(props: { trouble: Trouble | null; onRetry?: () => void }) {
  const { t } = useTranslation();
  const { trouble, onRetry } = props;
  if (!trouble) return null;
  if (trouble.kind === 'session') return null;
  const retry = onRetry && trouble.kind !== 'refused' ? <Button onClick={onRetry}>{t('retry')}</Button> : undefined;
  const text =
    trouble.kind === 'unreadable' ? t('unreadableWhat', { path: trouble.message }) : visible(trouble.message);
  return (
    <Alert type={trouble.kind === 'refused' ? 'warning' : 'error'} header={t(trouble.kind)} action={retry}>
      <span className="text-as-sent">{trouble.kind === 'unreachable' ? t('awayWhat') : text}</span>
    </Alert>
  );
}
