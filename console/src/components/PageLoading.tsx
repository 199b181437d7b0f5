import Box from '@cloudscape-design/components/box';
import Spinner from '@cloudscape-design/components/spinner';
import { useTranslation } from 'react-i18next';

/** Shown while a page or its first answer is on its way. */
export function PageLoading() {
  const { t } = useTranslation();
  return (
    <Box textAlign="center" padding="xxl">
      <Spinner size="large" /> <span role="status">{t('loading')}</span>
    </Box>
  );
}
