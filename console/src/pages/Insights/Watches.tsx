import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import ProgressBar from '@cloudscape-design/components/progress-bar';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import Toggle from '@cloudscape-design/components/toggle';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { InnerLink } from '@/components/InnerLink';
import { TroubleAlert } from '@/components/TroubleAlert';
import { formatCount, formatInstant, formatShare, visible } from '@/model/format';
import { learnedShare, type Watch } from '@/model/insights';
import { groupsUrl } from '@/pages/Groups/url';
import { homeUrl } from '@/pages/Home/url';
import { useInsightSwitches } from '@/query/useInsightSwitches';
import { useNotices } from '@/stores/notices';
import './insights.css';

const INDICATORS: Record<Watch['state'], StatusIndicatorProps.Type> = {
  off: 'stopped',
  no_traffic: 'pending',
  learning: 'in-progress',
  watching: 'success',
  behind: 'warning',
};

/** Why there are insights, or none: the state of every group that is watched, and what is missing where it is not. */
export function Watches(props: { watches: readonly Watch[]; hasWebhook: boolean }) {
  const { t } = useTranslation('insights');
  const { watches, hasWebhook } = props;
  const on = watches.filter((watch) => watch.state !== 'off');
  const off = watches.filter((watch) => watch.state === 'off');
  const [first] = off;
  if (on.length === 0) return first ? <Off watch={first} others={off.slice(1)} hasWebhook={hasWebhook} /> : null;
  // One is explained at length; of the others it is enough to know how far they are.
  const explained = on.find((watch) => watch.state !== 'watching');
  return (
    <SpaceBetween size="s">
      {explained && <Unsettled watch={explained} />}
      <ul className="insight-watches" aria-label={t('watch')}>
        {on
          .filter((watch) => watch !== explained)
          .map((watch) => (
            <WatchLine key={watch.group} watch={watch} />
          ))}
        {off.length > 0 && (
          <li>
            <StatusIndicator type="stopped">
              {t('offElsewhere', { groups: off.map(({ group }) => visible(group)).join(', ') })}
            </StatusIndicator>
            <InnerLink to={groupsUrl()}>{t('manage')}</InnerLink>
          </li>
        )}
      </ul>
    </SpaceBetween>
  );
}

function WatchLine(props: { watch: Watch }) {
  const { t, i18n } = useTranslation('insights');
  const { watch } = props;
  const counts = (ready: number, entities: number) => ({
    ready: formatCount(ready, i18n.language),
    entities: formatCount(entities, i18n.language),
  });
  const more = [
    watch.entities > 0 ? t('readyOf', counts(watch.ready, watch.entities)) : '',
    watch.state === 'learning' ? t('learnedShare', { share: formatShare(learnedShare(watch)) }) : '',
    watch.watched_until === null ? '' : t('watchedUntil', { until: formatInstant(watch.watched_until, i18n.language) }),
  ];
  return (
    <li>
      <StatusIndicator type={INDICATORS[watch.state]}>
        {t(`watch_${watch.state}`)}: <strong className="text-as-sent">{visible(watch.group)}</strong>
      </StatusIndicator>
      <span className="insight-card-closed">{more.filter(Boolean).join(' ')}</span>
    </li>
  );
}

/** A group that is watched in vain so far, and what is missing. */
function Unsettled(props: { watch: Watch }) {
  const { t, i18n } = useTranslation('insights');
  const { watch } = props;
  const group = visible(watch.group);
  if (watch.state === 'no_traffic') {
    return (
      <Alert type="info" header={t('watchNoTraffic', { group })}>
        {t('watchNoTrafficWhat')} <InnerLink to={homeUrl(true)}>{t('sendFirst')}</InnerLink>
      </Alert>
    );
  }
  if (watch.state === 'behind') {
    return (
      <Alert type="warning" header={t('watchBehind', { group })}>
        {watch.watched_until === null
          ? t('watchBehindNever')
          : t('watchBehindWhat', { until: formatInstant(watch.watched_until, i18n.language) })}
      </Alert>
    );
  }
  return (
    <Alert type="info" header={t('watchLearning', { group })}>
      <SpaceBetween size="s">
        <span>
          {t('watchLearningWhat', {
            requests: formatCount(watch.requests_needed, i18n.language),
            minutes: formatCount(watch.minutes_needed, i18n.language),
          })}
        </span>
        <div className="insight-progress">
          <Learned label={t('learnedRequests')} seen={watch.requests_seen} needed={watch.requests_needed} />
          <Learned label={t('learnedMinutes')} seen={watch.minutes_seen} needed={watch.minutes_needed} />
        </div>
        {watch.ready > 0 && (
          <span>
            {t('readyOf', {
              ready: formatCount(watch.ready, i18n.language),
              entities: formatCount(watch.entities, i18n.language),
            })}
          </span>
        )}
      </SpaceBetween>
    </Alert>
  );
}

function Learned(props: { label: string; seen: number; needed: number }) {
  const { t, i18n } = useTranslation('insights');
  const { seen, needed } = props;
  return (
    <ProgressBar
      label={props.label}
      value={needed > 0 ? Math.min(100, (100 * seen) / needed) : 100}
      additionalInfo={t('learnedOf', {
        seen: formatCount(Math.min(seen, needed), i18n.language),
        needed: formatCount(needed, i18n.language),
      })}
    />
  );
}

/** Nothing is watched: what insights are, and a button that turns them on. */
function Off(props: { watch: Watch; others: readonly Watch[]; hasWebhook: boolean }) {
  const { t } = useTranslation('insights');
  const tell = useNotices((notices) => notices.tell);
  const { watch, others, hasWebhook } = props;
  const [notifications, setNotifications] = useState(watch.notifications);
  const change = useInsightSwitches();
  const group = visible(watch.group);
  return (
    <SpaceBetween size="s">
      <Alert type="info" header={t('watchOff', { group })}>
        <SpaceBetween size="s">
          <span>{t('watchOffWhat')}</span>
          <div className="insight-switch">
            <Button
              variant="primary"
              loading={change.isPending}
              onClick={() =>
                change.mutate(
                  { name: watch.group, insights: true, notifications },
                  { onSuccess: () => tell('success', t('switched', { group })) },
                )
              }
            >
              {t('turnOn')}
            </Button>
            <Toggle
              checked={notifications}
              onChange={({ detail }) => setNotifications(detail.checked)}
              description={t(hasWebhook ? 'withNotificationsWhat' : 'noWebhook')}
            >
              {t('withNotifications')}
            </Toggle>
          </div>
          {others.length > 0 && (
            <span>
              {t('offElsewhere', { groups: others.map((other) => visible(other.group)).join(', ') })}{' '}
              <InnerLink to={groupsUrl()}>{t('manage')}</InnerLink>
            </span>
          )}
        </SpaceBetween>
      </Alert>
      <TroubleAlert trouble={change.error} />
    </SpaceBetween>
  );
}
