import Table from '@cloudscape-design/components/table';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { InnerLink } from '@/components/InnerLink';
import { conditionFor } from '@/model/conditions';
import { visible } from '@/model/format';
import { bothOf, type Scope } from '@/model/scope';
import { tracesUrl } from '@/pages/Traces/url';
import { Sent } from './Facts';
import { NothingRecorded } from './NothingRecorded';

const ANNOTATIONS_CODE = 'xray_recorder.current_subsegment().put_annotation("key", "value")';

/** The annotations of a span, each with a way to the other traces that have it. */
export function AnnotationsTab(props: { span: Schemas['SpanAnswer']; scope: Scope; traceStart: number }) {
  const { t } = useTranslation('trace');
  const items = Object.entries(props.span.annotations);
  if (!items.length) {
    return <NothingRecorded title={t('noAnnotations')} what={t('noAnnotationsWhat')} code={ANNOTATIONS_CODE} />;
  }
  return (
    <Table
      variant="embedded"
      contentDensity="compact"
      items={items}
      trackBy={([key]) => key}
      wrapLines
      ariaLabels={{ tableLabel: t('tabAnnotations') }}
      columnDefinitions={[
        {
          id: 'key',
          header: t('key'),
          cell: ([key]) => <Sent text={key} />,
          isRowHeader: true,
        },
        { id: 'value', header: t('value'), cell: ([, value]) => <Sent text={String(value)} /> },
        {
          id: 'filter',
          header: t('filter'),
          cell: ([key, value]) => {
            const condition = conditionFor({ kind: 'annotation', key }, value);
            if (condition === null) return <span>{t('notSearchable')}</span>;
            const filter = bothOf(props.scope.filter, condition);
            return (
              <InnerLink
                to={tracesUrl({ ...props.scope, filter })}
                label={t('addToFilterOf', { key: visible(key), value: visible(String(value)) })}
              >
                {t('addToFilter')}
              </InnerLink>
            );
          },
        },
      ]}
    />
  );
}
