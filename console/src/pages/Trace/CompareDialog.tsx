import Autosuggest from '@cloudscape-design/components/autosuggest';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { traceIdOf } from '@/model/traceId';
import { compareTracesUrl } from '@/pages/CompareTraces/url';
import { useTraceView } from '@/stores/traceView';

/** Asks which trace to compare with; the one that was looked at before is there already. */
export function CompareDialog(props: { traceId: string; onClose(): void }) {
  const { t } = useTranslation('trace');
  const { t: shared } = useTranslation();
  const navigate = useNavigate();
  const visited = useTraceView((view) => view.visited).filter((id) => id !== props.traceId);
  const [text, setText] = useState(visited[0] ?? '');
  const [wasTried, setTried] = useState(false);
  const other = traceIdOf(text);
  const isWrong = other === null || other === props.traceId;
  const compare = () => {
    setTried(true);
    if (other !== null && !isWrong) navigate(compareTracesUrl(props.traceId, other));
  };
  const why = other === props.traceId ? t('compareSame') : t('compareMalformed');
  return (
    <Modal
      visible
      header={t('compare')}
      closeAriaLabel={t('closeDialog')}
      onDismiss={props.onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={props.onClose}>
              {shared('rangeCancel')}
            </Button>
            <Button variant="primary" onClick={compare}>
              {t('compareGo')}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <FormField
        label={t('compareWith')}
        description={t('compareWithWhat')}
        errorText={wasTried && isWrong ? why : undefined}
      >
        <Autosuggest
          value={text}
          placeholder="1-581cf771-a006649127e371903a2de979"
          enteredTextLabel={(value) => value}
          ariaLabel={t('compareWith')}
          options={visited.map((id) => ({ value: id, description: t('visited') }))}
          filteringType="none"
          onChange={({ detail }) => setText(detail.value)}
          onKeyDown={({ detail }) => {
            if (detail.key === 'Enter' && !isWrong) compare();
          }}
        />
      </FormField>
    </Modal>
  );
}
