import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { formatShare, visible } from '@/model/format';
import { entityKeys, entityText, type Signal } from '@/model/insights';
import './insight.css';

/** Who may have caused it and why, the likeliest first; choosing one draws its expected range. */
export function Suspects(props: {
  suspects: readonly Schemas['SuspectShape'][];
  onChoose(of: readonly string[], signal: Signal): void;
}) {
  const { t } = useTranslation('insights');
  return (
    <Container
      fitHeight
      header={
        <Header variant="h2" description={t('suspectsWhat')}>
          {t('suspects')}
        </Header>
      }
    >
      <ol className="incident-suspects">
        {props.suspects.map(({ entity, signal, score, sentence }) => {
          const keys = entityKeys(entity);
          return (
            <li key={`${keys.join(' ')} ${signal}`}>
              <span>
                <Button variant="inline-link" onClick={() => props.onChoose(keys, signal)}>
                  <span className="incident-name text-as-sent">{visible(entityText(entity, t('unnamed')))}</span>
                </Button>
                <span className="incident-signal">{t(`signal_${signal}`)}</span>
              </span>
              <div className="incident-score">
                <div className="incident-track" aria-hidden="true">
                  <div className="incident-fill" style={{ width: `${Math.min(100, 100 * score)}%` }} />
                </div>
                <span className="incident-score-text" title={t('score')}>
                  {formatShare(score)}
                </span>
              </div>
              <span className="incident-sentence text-as-sent" lang="en">
                {visible(sentence)}
              </span>
            </li>
          );
        })}
      </ol>
    </Container>
  );
}
