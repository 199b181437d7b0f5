import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { visible } from '@/model/format';
import { useLabFaults, useSetFault } from '@/query/useLab';
import { useNotices } from '@/stores/notices';
import { FaultControl } from './FaultControl';
import { factsOf } from './faults';
import { LabTrouble } from './LabTrouble';

interface Row {
  fault: string;
  active: readonly Schemas['LabFault'][];
}

/** Failures on purpose, to be turned on and off. */
export function FaultSwitches() {
  const { t } = useTranslation('lab');
  const { t: shell } = useTranslation();
  const tell = useNotices((notices) => notices.tell);
  const { data, error, isPending, refetch } = useLabFaults();
  const change = useSetFault();
  const rows: Row[] = (data?.names ?? []).map((fault) => ({
    fault,
    active: (data?.active ?? []).filter((each) => each.fault === fault),
  }));
  const turn = (fault: string, on: boolean, target: string | null, amount: number | null) =>
    change.mutate(
      { fault, on, target, amount },
      { onSuccess: () => tell('success', t(on ? 'turnedOn' : 'turnedOff', { fault })) },
    );
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={t('faultsWhat')}>
          {t('faults')}
        </Header>
      }
    >
      <SpaceBetween size="l">
        {change.error && <LabTrouble trouble={change.error} onRetry={() => change.reset()} />}
        {error ? (
          <LabTrouble trouble={error} onRetry={() => void refetch()} />
        ) : (
          <Table<Row>
            variant="container"
            items={rows}
            loading={isPending}
            loadingText={shell('loading')}
            trackBy="fault"
            wrapLines
            header={<Header counter={data ? `(${data.active.length}/${data.names.length})` : ''}>{t('faults')}</Header>}
            columnDefinitions={[
              {
                id: 'fault',
                header: t('fault'),
                isRowHeader: true,
                minWidth: 140,
                cell: ({ fault }) => <span className="code text-as-sent">{visible(fault)}</span>,
              },
              {
                id: 'what',
                header: t('what'),
                minWidth: 220,
                cell: ({ fault }) => {
                  const { text } = factsOf(fault);
                  return text ? t(text) : '–';
                },
              },
              {
                id: 'status',
                header: t('status'),
                minWidth: 180,
                cell: ({ active }) =>
                  active.length ? (
                    <SpaceBetween size="xxs">
                      {active.map(({ target, amount }) => (
                        <StatusIndicator key={target} type="warning">
                          {t('on')}: <span className="text-as-sent">{visible(target)}</span>
                          {amount === null ? '' : ` (${amount})`}
                        </StatusIndicator>
                      ))}
                    </SpaceBetween>
                  ) : (
                    <StatusIndicator type="stopped">{t('off')}</StatusIndicator>
                  ),
              },
              {
                id: 'actions',
                header: t('control'),
                minWidth: 300,
                cell: (row) => (
                  <FaultControl
                    fault={row.fault}
                    isOn={row.active.length > 0}
                    isBusy={change.isPending && change.variables?.fault === row.fault}
                    onTurnOn={(amount) => turn(row.fault, true, null, amount)}
                    onTurnOff={() => {
                      for (const { target } of row.active) turn(row.fault, false, target, null);
                    }}
                  />
                ),
              },
            ]}
          />
        )}
      </SpaceBetween>
    </ContentLayout>
  );
}
