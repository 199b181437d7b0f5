import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { FilterBar } from '@/components/FilterBar';
import { TroubleAlert } from '@/components/TroubleAlert';
import { useCreateGroup, useUpdateGroup } from '@/query/useGroupChanges';
import { useNotices } from '@/stores/notices';

/** Makes a group, or changes the expression of the one that is given. */
export function GroupForm(props: { group: Schemas['GroupShape'] | null; filter: string; onClose(): void }) {
  const { t } = useTranslation('groups');
  const tell = useNotices((notices) => notices.tell);
  const { group, onClose } = props;
  const [name, setName] = useState(group?.name ?? '');
  const initial = group?.filter ?? props.filter;
  const [filter, setFilter] = useState(initial);
  const [isTried, setTried] = useState(false);
  const create = useCreateGroup();
  const update = useUpdateGroup();
  const change = group ? update : create;
  const nameWrong = group ? '' : !name ? t('nameMissing') : /^[A-Za-z0-9-]{1,32}$/.test(name) ? '' : t('nameWrong');
  const filterWrong = filter.trim() ? '' : t('filterMissing');

  const save = () => {
    setTried(true);
    if (nameWrong || filterWrong) return;
    change.mutate(
      { name, filter },
      {
        onSuccess: () => {
          tell('success', t(group ? 'updated' : 'created', { name }));
          onClose();
        },
      },
    );
  };

  return (
    <Modal
      visible
      size="large"
      header={group ? t('editTitle', { name: group.name }) : t('createTitle')}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button variant="primary" loading={change.isPending} onClick={save}>
              {group ? t('save') : t('create')}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {!group && (
          <FormField label={t('name')} constraintText={t('nameWhat')} errorText={isTried ? nameWrong : ''}>
            <Input value={name} onChange={({ detail }) => setName(detail.value.trim())} spellcheck={false} autoFocus />
          </FormField>
        )}
        <FormField label={t('filter')} description={t('filterWhat')} errorText={isTried ? filterWrong : ''} stretch>
          <FilterBar value={initial} onApply={setFilter} onText={setFilter} />
        </FormField>
        <TroubleAlert trouble={change.error} />
        <Alert type="info">{group ? t('fromNowOn') : t('atOnce')}</Alert>
      </SpaceBetween>
    </Modal>
  );
}
