import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { useInnerLink } from '@/components/InnerLink';
import { visible } from '@/model/format';
import { CATEGORY_OF, entityText } from '@/model/insights';
import { scopeOfSet } from '@/model/scope';
import { analyticsUrl } from '@/pages/Analytics/url';
import { tracesUrl } from '@/pages/Traces/url';
import './insight.css';

/** What happened where, in a line and a sentence, and where to go on from here. */
export function InsightHeader(props: { answer: Schemas['InsightAnswer'] }) {
  const { t } = useTranslation('insights');
  const { insight, anomalous_set, normal_set } = props.answer;
  const traces = scopeOfSet(anomalous_set);
  return (
    <Header
      variant="h1"
      description={
        <span className="text-as-sent" lang="en">
          {visible(insight.summary)}
        </span>
      }
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button {...useInnerLink(tracesUrl(traces))}>{t('viewTraces')}</Button>
          <Button variant="primary" {...useInnerLink(analyticsUrl(traces, comparedWith(anomalous_set, normal_set)))}>
            {t('analyze')}
          </Button>
        </SpaceBetween>
      }
    >
      <span className="text-as-sent">
        {t('titleOf', {
          category: t(`category_${CATEGORY_OF[insight.root_cause.signal]}`),
          name: visible(entityText(insight.root_cause.entity, t('unnamed'))),
        })}
      </span>
    </Header>
  );
}

type SetShape = Schemas['SetShape'];

/** The comparison of the traces of an incident: with normal ones, or with the rest where there are none. */
function comparedWith(a: SetShape, b: SetShape | null) {
  if (!b) return { b: { kind: 'rest' as const }, isComparing: true };
  const { range, group, filter } = scopeOfSet(b);
  return { b: { kind: 'other' as const, filter, range, group: a.group === b.group ? null : group }, isComparing: true };
}
