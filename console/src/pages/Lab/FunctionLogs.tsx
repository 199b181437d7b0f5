import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { InnerLink } from '@/components/InnerLink';
import { PageLoading } from '@/components/PageLoading';
import { formatInstant, visible } from '@/model/format';
import { traceIdIn } from '@/model/logLines';
import { traceUrl } from '@/pages/Trace/url';
import { useLabLogs } from '@/query/useLab';
import { LabTrouble } from './LabTrouble';
import './lab.css';

/** The newest lines of a function's log, oldest first; of one request where the address names it. */
export function FunctionLogs(props: { name: string }) {
  const { t, i18n } = useTranslation('lab');
  const [query, setQuery] = useSearchParams();
  const requestId = query.get('requestId') ?? '';
  const [text, setText] = useState(requestId);
  useEffect(() => setText(requestId), [requestId]);
  const { data, error, isFetching, refetch } = useLabLogs(props.name, requestId);
  const choose = (id: string) =>
    setQuery(id ? { tab: 'logs', requestId: id.trim() } : { tab: 'logs' }, { replace: true });
  if (error) return <LabTrouble trouble={error} onRetry={() => void refetch()} />;
  return (
    <SpaceBetween size="s">
      <SpaceBetween direction="horizontal" size="xs" alignItems="center">
        <Input
          ariaLabel={t('requestIdFilter')}
          placeholder={t('requestIdFilter')}
          type="search"
          value={text}
          spellcheck={false}
          onChange={({ detail }) => {
            setText(detail.value);
            if (!detail.value) choose('');
          }}
          onKeyDown={({ detail }) => detail.key === 'Enter' && choose(text)}
        />
        <Button
          iconName="refresh"
          ariaLabel={t('refresh')}
          loading={isFetching && !data}
          onClick={() => void refetch()}
        />
        {data && <Box color="text-body-secondary">{t('lines', { count: data.events.length })}</Box>}
      </SpaceBetween>
      {!data ? (
        <PageLoading />
      ) : data.events.length === 0 ? (
        <Box color="text-body-secondary">{requestId ? t('noLinesOf') : t('noLines')}</Box>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable area has to be reached with the keyboard
        <section className="lab-log code" tabIndex={0} aria-label={t('logs')}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('time')}</th>
                <th scope="col">{t('requestId')}</th>
                <th scope="col">{t('message')}</th>
              </tr>
            </thead>
            <tbody>
              {data.events.map((line, index) => {
                const traceId = traceIdIn(line.message);
                return (
                  <tr key={index}>
                    <td className="lab-log-time">{formatInstant(Date.parse(line.time) / 1000, i18n.language, true)}</td>
                    <td className="lab-log-request">
                      {line.request_id && (
                        <Button
                          variant="inline-link"
                          ariaLabel={t('onlyRequest', { id: line.request_id })}
                          onClick={() => choose(line.request_id ?? '')}
                        >
                          {visible(line.request_id.slice(0, 8))}
                        </Button>
                      )}
                    </td>
                    <td>
                      <span className="text-as-sent">{visible(line.message)}</span>{' '}
                      {traceId && <InnerLink to={traceUrl(traceId)}>{t('openTrace')}</InnerLink>}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </section>
      )}
    </SpaceBetween>
  );
}
