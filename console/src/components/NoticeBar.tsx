import Flashbar from '@cloudscape-design/components/flashbar';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { visible } from '@/model/format';
import { type Notice, useNotices } from '@/stores/notices';

const SHOWN_MS = 12_000;

/** What was done, until it is dismissed or a while has passed. */
export function NoticeBar() {
  const { t } = useTranslation();
  const { shown, dismiss } = useNotices();
  const oldest: Notice | undefined = shown[0];
  useEffect(() => {
    if (!oldest) return;
    const timer = window.setTimeout(() => dismiss(oldest.id), SHOWN_MS);
    return () => window.clearTimeout(timer);
  }, [oldest, dismiss]);
  if (!shown.length) return null;
  return (
    <Flashbar
      items={shown.map((notice) => ({
        id: String(notice.id),
        type: notice.type,
        content: <span className="text-as-sent">{visible(notice.text)}</span>,
        dismissible: true,
        dismissLabel: t('dismiss'),
        onDismiss: () => dismiss(notice.id),
      }))}
    />
  );
}
