import Box from '@cloudscape-design/components/box';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import { useTranslation } from 'react-i18next';
import { failed, perMinute } from '@/graph/measures';
import type { Statistics } from '@/graph/types';
import { formatCount, formatMs, formatShare } from '@/model/format';

/** The figures of a node or an edge; `seconds` is the length of the time that they are of. */
export function Figures(props: { statistics: Statistics; seconds: number }) {
  const { t, i18n } = useTranslation('map');
  const { statistics, seconds } = props;
  const { requests, percentiles } = statistics;
  const length = (ms: number | null | undefined) => (ms == null ? '–' : formatMs(ms));
  const rate = perMinute(requests, seconds);
  const rates = new Intl.NumberFormat(i18n.language, { maximumSignificantDigits: 3 });
  return (
    <>
      <KeyValuePairs
        columns={2}
        items={[
          { label: t('averageResponseTime'), value: <Large text={length(statistics.average_ms)} /> },
          {
            label: t('errorRate'),
            value: <Large text={requests ? formatShare(failed(statistics) / requests) : '–'} />,
          },
          { label: t('requests'), value: formatCount(requests, i18n.language) },
          { label: t('requestsPerMinute'), value: rate === null ? '–' : rates.format(rate) },
        ]}
      />
      <Box padding={{ top: 's' }}>
        <KeyValuePairs
          columns={4}
          minColumnWidth={72}
          items={(['p50', 'p90', 'p95', 'p99'] as const).map((which) => ({
            label: t(which),
            value: <span className="rl-map-figure">{length(percentiles?.[`${which}_ms`])}</span>,
          }))}
        />
      </Box>
    </>
  );
}

function Large(props: { text: string }) {
  return (
    <Box fontSize="heading-l" fontWeight="bold">
      {props.text}
    </Box>
  );
}
