import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useTranslation } from 'react-i18next';
import { HowToSend } from './HowToSend';
import type { Place } from './snippets';

/** What a person sees before the first trace: how to send one, and that it is waited for. */
export function Welcome(props: { place: Place }) {
  const { t } = useTranslation('home');
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={t('welcomeWhat')}>
          {t('welcome')}
        </Header>
      }
    >
      <SpaceBetween size="l">
        <Container
          header={
            <Header
              variant="h2"
              description={t('sendWhat')}
              actions={
                <span role="status" title={t('waitingWhat')}>
                  <StatusIndicator type="in-progress">{t('waiting')}</StatusIndicator>
                </span>
              }
            >
              {t('send')}
            </Header>
          }
        >
          <HowToSend place={props.place} />
        </Container>
      </SpaceBetween>
    </ContentLayout>
  );
}
