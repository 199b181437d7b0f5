import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { TroubleAlert } from '@/components/TroubleAlert';
import { visible } from '@/model/format';
import { useDeleteGroup } from '@/query/useGroupChanges';
import { useNotices } from '@/stores/notices';

/** Asks before a group is deleted. */
export function DeleteGroup(props: { group: Schemas['GroupShape']; onClose(): void }) {
  const { t } = useTranslation('groups');
  const tell = useNotices((notices) => notices.tell);
  const remove = useDeleteGroup();
  const { group, onClose } = props;
  return (
    <Modal
      visible
      header={t('removeTitle', { name: group.name })}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button
              variant="primary"
              loading={remove.isPending}
              onClick={() =>
                remove.mutate(
                  { name: group.name },
                  {
                    onSuccess: () => {
                      tell('success', t('removed', { name: group.name }));
                      onClose();
                    },
                  },
                )
              }
            >
              {t('remove')}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <span>{t('removeWhat')}</span>
        <span className="code text-as-sent">{visible(group.filter ?? '')}</span>
        <TroubleAlert trouble={remove.error} />
      </SpaceBetween>
    </Modal>
  );
}
