import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useTranslation } from 'react-i18next';
import type { Trouble } from '@/api/client';
import { CodeSnippet } from '@/components/CodeSnippet';
import { TroubleAlert } from '@/components/TroubleAlert';
import { visible } from '@/model/format';
import { labCommand } from '@/model/labCommand';
import { useStatus } from '@/query/useStatus';

/** Why the lab has no answer: it is not running, there is nothing of this name, or something else. */
export function LabTrouble(props: { trouble: Trouble | null; onRetry(): void }) {
  const { t } = useTranslation('lab');
  const { trouble } = props;
  const doors = useStatus().data?.doors;
  if (trouble?.code === 'not_found') {
    return (
      <Alert type="warning" header={t('nothingSuch')}>
        <span className="text-as-sent">{visible(trouble.message)}</span>
      </Alert>
    );
  }
  if (trouble?.code !== 'lab_not_running') return <TroubleAlert trouble={trouble} onRetry={props.onRetry} />;
  return (
    <Container header={<Header variant="h2">{t('notRunning')}</Header>}>
      <SpaceBetween size="s">
        <Box>{t('notRunningWhat')}</Box>
        {doors && (
          <>
            <CodeSnippet label={t('notRunningWith')} text={labCommand(doors, 'quicktable')} />
            <CodeSnippet label={t('notRunningEmpty')} text={labCommand(doors, 'serve')} />
          </>
        )}
        <Box color="text-body-secondary" fontSize="body-s">
          <div className="text-as-sent">{visible(trouble.message)}</div>
          {t('notRunningRetry')}
        </Box>
      </SpaceBetween>
    </Container>
  );
}
