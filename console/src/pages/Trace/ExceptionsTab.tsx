import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { visible } from '@/model/format';
import { Facts, Sent } from './Facts';

/** The exceptions of a span with their stacks. */
export function ExceptionsTab(props: { span: Schemas['SpanAnswer'] }) {
  const { t } = useTranslation('trace');
  const { span } = props;
  return (
    <SpaceBetween size="m">
      {span.working_directory && <Facts columns={1} facts={[[t('workingDirectory'), span.working_directory]]} />}
      {span.exceptions.map((exception, index) => (
        <Exception key={`${index} ${exception.id}`} exception={exception} />
      ))}
    </SpaceBetween>
  );
}

function Exception(props: { exception: Schemas['ExceptionShape'] }) {
  const { t } = useTranslation('trace');
  const { exception } = props;
  return (
    <div>
      <SpaceBetween direction="horizontal" size="xs">
        <Box variant="h3" tagOverride="h3">
          <span className="text-as-sent">{visible(exception.type) || t('exceptionUnnamed')}</span>
        </Box>
        {exception.is_remote && <Badge color="severity-low">{t('exceptionRemote')}</Badge>}
      </SpaceBetween>
      {exception.message && <Sent text={exception.message} />}
      {exception.stack.length > 0 ? (
        <ExpandableSection headerText={t('stack', { count: exception.stack.length })} defaultExpanded>
          <ol className="stack code">
            {exception.stack.map((frame, index) => (
              <li key={index} className="text-as-sent">
                {visible(frame.label) || '?'}{' '}
                <span className="json-faint">
                  ({visible(frame.path) || '?'}
                  {frame.line === null ? '' : `:${frame.line}`})
                </span>
              </li>
            ))}
            {exception.left_out > 0 && (
              <li className="json-faint">{t('stackLeftOut', { count: exception.left_out })}</li>
            )}
          </ol>
        </ExpandableSection>
      ) : (
        <Box color="text-body-secondary">{t('noStack')}</Box>
      )}
    </div>
  );
}
