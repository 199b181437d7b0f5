import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { visible } from '@/model/format';
import { useDeleteStack } from '@/query/useLab';
import { LabTrouble } from './LabTrouble';

/** Asks for the name of a stack before it is deleted. */
export function DeleteStack(props: { name: string; onClose(): void; onDeleting(): void }) {
  const { t } = useTranslation('lab');
  const [typed, setTyped] = useState('');
  const remove = useDeleteStack();
  const { name, onClose, onDeleting } = props;
  const confirm = () => {
    if (typed !== name) return;
    remove.mutate(
      { name },
      {
        onSuccess: () => {
          onDeleting();
          onClose();
        },
      },
    );
  };
  return (
    <Modal
      visible
      header={<span className="text-as-sent">{t('deleteStackTitle', { name: visible(name) })}</span>}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button variant="primary" disabled={typed !== name} loading={remove.isPending} onClick={confirm}>
              {t('delete')}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Alert type="warning">{t('deleteStackWhat')}</Alert>
        <FormField label={t('deleteStackType')} description={<span className="text-as-sent">{visible(name)}</span>}>
          <Input
            value={typed}
            placeholder={name}
            spellcheck={false}
            autoFocus
            onChange={({ detail }) => setTyped(detail.value)}
            onKeyDown={({ detail }) => detail.key === 'Enter' && confirm()}
          />
        </FormField>
        {remove.error && <LabTrouble trouble={remove.error} onRetry={confirm} />}
      </SpaceBetween>
    </Modal>
  );
}
