import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import { useTranslation } from 'react-i18next';

/** An address without a page. */
export function NotFound() {
  const { t } = useTranslation();
  return (
    <Box padding={{ vertical: 'xl' }}>
      <Header variant="h1">{t('notFound')}</Header>
      <p>{t('notFoundWhat')}</p>
    </Box>
  );
}
