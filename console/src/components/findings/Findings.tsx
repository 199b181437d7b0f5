import { useCollection } from '@cloudscape-design/collection-hooks';
import Box from '@cloudscape-design/components/box';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import Pagination from '@cloudscape-design/components/pagination';
import Table from '@cloudscape-design/components/table';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { conditionFor, exceptFor } from '@/model/conditions';
import { visible } from '@/model/format';
import { ChanceText, EffectBar } from './Effect';

interface Row {
  id: string;
  sentence: string;
  effect: number;
  significance: Schemas['SignificanceShape'] | null;
  condition: string | null;
}

/** What is worth telling of the difference, the largest first: of values, of lengths and of call paths. */
export function Findings(props: {
  answer: Schemas['CompareAnswer'];
  /** Narrow set A by a condition; without it the findings only lead to traces */
  onRefine?: (condition: string) => void;
  onTraces(condition: string): void;
}) {
  const { t } = useTranslation('analytics');
  const { answer, onRefine } = props;
  const { items, collectionProps, paginationProps } = useCollection(rowsOf(answer), { pagination: { pageSize: 10 } });
  const act = (action: string, condition: string) => {
    if (action === 'only') onRefine?.(condition);
    if (action === 'exclude') onRefine?.(exceptFor(condition));
    if (action === 'traces') props.onTraces(condition);
  };
  return (
    <Table<Row>
      {...collectionProps}
      variant="embedded"
      items={items}
      trackBy="id"
      wrapLines
      columnDefinitions={[
        {
          id: 'finding',
          header: t('finding'),
          isRowHeader: true,
          cell: (row) => (
            <span className="text-as-sent" lang="en">
              {visible(row.sentence)}
            </span>
          ),
        },
        { id: 'effect', header: t('effect'), width: 140, cell: (row) => <EffectBar effect={row.effect} /> },
        { id: 'chance', header: t('chance'), width: 160, cell: (row) => <ChanceText of={row.significance} /> },
        {
          id: 'actions',
          header: t('actions'),
          width: 90,
          cell: ({ condition, sentence }) =>
            condition && (
              <ButtonDropdown
                variant="inline-icon"
                expandToViewport
                ariaLabel={t('actionsOf', { value: visible(sentence) })}
                items={[
                  ...(onRefine
                    ? [
                        { id: 'only', text: t('only') },
                        { id: 'exclude', text: t('exclude') },
                      ]
                    : []),
                  { id: 'traces', text: t('viewTraces') },
                ]}
                onItemClick={({ detail }) => act(detail.id, condition)}
              />
            ),
        },
      ]}
      empty={<Box color="text-body-secondary">{t('noFindings')}</Box>}
      {...(rowsOf(answer).length > 10 ? { pagination: <Pagination {...paginationProps} /> } : {})}
    />
  );
}

function rowsOf(answer: Schemas['CompareAnswer']): Row[] {
  const paths = new Map(answer.paths.map((path) => [path.path, path]));
  return [
    ...answer.findings.map((finding, index) => ({
      id: `value-${index}`,
      sentence: finding.sentence,
      effect: finding.effect,
      significance: finding.value?.shares.significance ?? finding.order?.significance ?? null,
      condition: finding.value && conditionFor(finding.attribute, finding.value.value),
    })),
    ...answer.path_findings.map((finding, index) => {
      const path = paths.get(finding.path);
      const isTime = finding.change === 'longer' || finding.change === 'shorter';
      return {
        id: `path-${index}`,
        sentence: finding.sentence,
        effect: finding.effect,
        significance: (isTime ? path?.time?.significance : path?.presence.significance) ?? null,
        condition: null,
      };
    }),
  ].sort((one, other) => Math.abs(other.effect) - Math.abs(one.effect));
}
