import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { formatInstant, formatShare, visible } from '@/model/format';
import { failedOf, type Impact } from '@/model/insights';
import './insight.css';

/** Notable changes of an incident, oldest first. */
export function Events(props: { events: readonly Schemas['InsightEventShape'][] }) {
  const { t, i18n } = useTranslation('insights');
  return (
    <Container
      fitHeight
      header={
        <Header variant="h2" description={t('eventsWhat')}>
          {t('events')}
        </Header>
      }
    >
      {props.events.length === 0 && <Box color="text-body-secondary">{t('noEvents')}</Box>}
      <ol className="incident-events">
        {props.events.map((event, index) => (
          <li key={`${event.at} ${index}`}>
            <span className="incident-small">{formatInstant(event.at, i18n.language)}</span>
            <span className="text-as-sent" lang="en">
              {visible(event.summary)}
            </span>
            <span className="incident-small">
              {t('eventImpact', { clients: share(event.client_impact), cause: share(event.root_cause_impact) })}
            </span>
            {event.top_services.length > 0 && (
              <span className="incident-small text-as-sent">
                {t('topServices', {
                  names: event.top_services.map(({ name }) => visible(name) || t('unnamed')).join(', '),
                })}
              </span>
            )}
          </li>
        ))}
      </ol>
    </Container>
  );
}

function share(impact: Impact): string {
  return impact.requests === 0 ? '–' : formatShare(failedOf(impact) / impact.requests);
}
