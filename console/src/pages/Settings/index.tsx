import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { InnerLink } from '@/components/InnerLink';
import { PageLoading } from '@/components/PageLoading';
import { TroubleAlert } from '@/components/TroubleAlert';
import { scopeAround } from '@/model/firstTrace';
import { formatBytes, formatCount, formatInstant, visible } from '@/model/format';
import { homeUrl } from '@/pages/Home/url';
import { mapUrl } from '@/pages/ServiceMap/url';
import { useStatus } from '@/query/useStatus';
import { PreferenceForm } from './PreferenceForm';
import { lengthOf } from './uptime';

/** What a person prefers, and what the server is set to and holds. */
export default function Settings() {
  const { t } = useTranslation('settings');
  const { data: status, error, refetch } = useStatus();
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={t('what')}>
          {t('title')}
        </Header>
      }
    >
      <SpaceBetween size="l">
        <TroubleAlert trouble={error} onRetry={() => void refetch()} />
        <Container header={<Header variant="h2">{t('preferences')}</Header>}>
          <PreferenceForm />
        </Container>
        {status ? <OfServer status={status} /> : !error && <PageLoading />}
      </SpaceBetween>
    </ContentLayout>
  );
}

function OfServer(props: { status: Schemas['StatusAnswer'] }) {
  const { t, i18n } = useTranslation('settings');
  const { t: shell } = useTranslation();
  const { status } = props;
  const { stored, doors } = status;
  const uptime = lengthOf(status.now - status.started);
  const count = (value: number) => formatCount(value, i18n.language);
  return (
    <SpaceBetween size="l">
      <Container
        header={
          <Header variant="h2" description={t('serverWhat')}>
            {t('server')}
          </Header>
        }
      >
        <KeyValuePairs
          columns={4}
          items={[
            { label: t('version'), value: visible(status.version) },
            {
              label: t('started'),
              value: (
                <>
                  {formatInstant(status.started, i18n.language)}
                  <div>{t('running', { length: shell(uptime.unit, { count: uptime.count }) })}</div>
                </>
              ),
            },
            { label: t('region'), value: visible(status.region) },
            { label: t('account'), value: visible(status.account_id) },
            { label: t('retention'), value: shell('days', { count: status.retention_days }) },
            { label: t('store'), value: status.store === 'embedded' ? t('storeEmbedded') : visible(status.store) },
            {
              label: t('lab'),
              value: (
                <StatusIndicator type={status.has_lab ? 'success' : 'stopped'}>
                  {status.has_lab ? t('labYes') : t('labNo')}
                </StatusIndicator>
              ),
            },
          ]}
        />
      </Container>
      <Container
        header={
          <Header variant="h2" description={<InnerLink to={homeUrl(true)}>{t('howToSend')}</InnerLink>}>
            {t('doors')}
          </Header>
        }
      >
        <KeyValuePairs
          columns={3}
          items={[
            { label: t('http'), value: <Address text={doors.http} /> },
            { label: t('udp'), value: <Address text={doors.udp} /> },
            { label: t('tcp'), value: <Address text={doors.tcp} /> },
          ]}
        />
      </Container>
      <Container header={<Header variant="h2">{t('stored')}</Header>}>
        <KeyValuePairs
          columns={4}
          items={[
            { label: t('traces'), value: count(stored.traces) },
            { label: t('spans'), value: count(stored.spans) },
            { label: t('documents'), value: count(stored.documents) },
            { label: t('disk'), value: formatBytes(stored.disk_bytes) },
            { label: t('perSpan'), value: stored.spans ? formatBytes(stored.disk_bytes / stored.spans) : '–' },
            {
              label: t('oldest'),
              value: stored.oldest === null ? t('none') : formatInstant(stored.oldest, i18n.language),
            },
            {
              label: t('newest'),
              value:
                stored.newest === null ? (
                  t('none')
                ) : (
                  <>
                    {formatInstant(stored.newest, i18n.language)}
                    <div>
                      <InnerLink to={mapUrl(scopeAround(stored.newest, status.now))}>{t('seeNewest')}</InnerLink>
                    </div>
                  </>
                ),
            },
          ]}
        />
      </Container>
    </SpaceBetween>
  );
}

function Address(props: { text: string }) {
  const { t } = useTranslation();
  return (
    <CopyToClipboard
      variant="inline"
      textToCopy={props.text}
      textToDisplay={visible(props.text)}
      copyButtonAriaLabel={`${t('copy')}: ${props.text}`}
      copySuccessText={t('copied')}
      copyErrorText={t('copyFailed')}
    />
  );
}
