import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { ChanceText, EffectBar } from '@/components/findings/Effect';
import { valueText } from '@/model/attributes';
import { conditionFor } from '@/model/conditions';
import { formatCount, formatMs, formatShare, visible } from '@/model/format';

type Difference = Schemas['AttributeDifferenceShape'];

/** An attribute, one of its values, or one figure of a length. */
interface Row {
  id: string;
  name: string;
  a: string;
  b: string;
  points: string;
  effect: number | null;
  significance: Schemas['SignificanceShape'] | null;
  condition: string | null;
  children: Row[];
}

/** Attributes with their values side by side, the most different first. */
export function AttributeTable(props: {
  differences: readonly Difference[];
  tracesA: number;
  tracesB: number;
  empty: string;
  onRefine(condition: string): void;
}) {
  const { t } = useTranslation('analytics');
  const rows = useRows(props.differences, props.tracesA, props.tracesB);
  const [open, setOpen] = useState<readonly string[]>([]);
  return (
    <Table<Row>
      variant="embedded"
      items={rows}
      trackBy="id"
      wrapLines
      expandableRows={{
        getItemChildren: (row) => row.children,
        isItemExpandable: (row) => row.children.length > 0,
        expandedItems: rows.filter((row) => open.includes(row.id)),
        onExpandableItemToggle: ({ detail }) =>
          setOpen(detail.expanded ? [...open, detail.item.id] : open.filter((id) => id !== detail.item.id)),
      }}
      columnDefinitions={[
        {
          id: 'name',
          header: t('attribute'),
          isRowHeader: true,
          minWidth: 280,
          cell: (row) =>
            row.condition ? (
              <Button
                variant="inline-link"
                ariaLabel={`${row.name}: ${t('only')}`}
                onClick={() => props.onRefine(row.condition ?? '')}
              >
                <span className="text-as-sent">{row.name}</span>
              </Button>
            ) : (
              <span className="text-as-sent">{row.name}</span>
            ),
        },
        {
          id: 'a',
          header: <div className="number">{t('inA')}</div>,
          width: 125,
          cell: (row) => <div className="number">{row.a}</div>,
        },
        {
          id: 'b',
          header: <div className="number">{t('inB')}</div>,
          width: 125,
          cell: (row) => <div className="number">{row.b}</div>,
        },
        {
          id: 'difference',
          header: <div className="number">{t('difference')}</div>,
          width: 110,
          cell: (row) => <div className="number">{row.points}</div>,
        },
        {
          id: 'effect',
          header: t('effect'),
          width: 130,
          cell: (row) => row.effect !== null && <EffectBar effect={row.effect} />,
        },
        { id: 'chance', header: t('chance'), width: 140, cell: (row) => <ChanceText of={row.significance} /> },
      ]}
      empty={<Box color="text-body-secondary">{props.empty}</Box>}
    />
  );
}

function useRows(differences: readonly Difference[], tracesA: number, tracesB: number): Row[] {
  const { t, i18n } = useTranslation('analytics');
  const share = (count: number, of: number) =>
    `${formatCount(count, i18n.language)} (${formatShare(of ? count / of : 0)})`;
  return differences.map((difference): Row => {
    const { attribute, order } = difference;
    const id = `${attribute.kind}/${attribute.key}`;
    const values = difference.values.map(
      ({ value, shares }): Row => ({
        id: `${id}/${JSON.stringify(value)}`,
        name: valueText(attribute.kind, value, t('none')),
        a: share(shares.count_a, tracesA),
        b: share(shares.count_b, tracesB),
        points: t('points', { points: pointsText(shares.difference) }),
        effect: shares.difference,
        significance: shares.significance,
        condition: conditionFor(attribute, value),
        children: [],
      }),
    );
    const { other_a, other_b } = difference;
    const others: Row[] =
      other_a || other_b
        ? [plainRow(`${id}/others`, t('otherValues'), share(other_a, tracesA), share(other_b, tracesB))]
        : [];
    const lengths: Row[] = order
      ? [
          plainRow(`${id}/median`, t('median'), formatMs(order.median_a_ms), formatMs(order.median_b_ms)),
          plainRow(`${id}/mean`, t('mean'), formatMs(order.mean_a_ms), formatMs(order.mean_b_ms)),
        ]
      : [];
    return {
      id,
      name: attribute.kind === 'annotation' ? visible(attribute.key) : t(`kind_${attribute.kind}`),
      a: order ? formatMs(order.median_a_ms) : '',
      b: order ? formatMs(order.median_b_ms) : '',
      points: order ? '' : t('values', { count: difference.distinct }),
      effect: order ? order.cliffs_delta : null,
      significance: difference.significance ?? order?.significance ?? null,
      condition: null,
      children: [...values, ...others, ...lengths],
    };
  });
}

function plainRow(id: string, name: string, a: string, b: string): Row {
  return { id, name, a, b, points: '', effect: null, significance: null, condition: null, children: [] };
}

function pointsText(difference: number): string {
  const points = difference * 100;
  return `${points > 0 ? '+' : ''}${points.toFixed(Math.abs(points) < 10 ? 1 : 0)}`;
}
