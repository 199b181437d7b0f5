import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import { useTranslation } from 'react-i18next';
import { useRangeText } from '@/components/ScopeBar';
import type { Scope } from '@/model/scope';
import type { TimeRange } from '@/model/timeRange';
import { PageButton } from './PageButton';

const LENGTHS_S = [21_600, 86_400, 604_800];

/** What to do where no request is found. */
export function EmptyMap(props: { scope: Scope; onChange(change: Partial<Scope>): void }) {
  const { t } = useTranslation('map');
  const rangeText = useRangeText();
  const { scope, onChange } = props;
  const isNarrowed = scope.filter.trim() !== '' || scope.group !== '';
  const wider: TimeRange[] = LENGTHS_S.filter(
    (seconds) => scope.range.kind === 'between' || seconds > scope.range.seconds,
  ).map((seconds) => ({ kind: 'last', seconds }));
  return (
    <Box textAlign="center" padding="xxxl" color="inherit">
      <Box variant="h2">{t('empty')}</Box>
      <Box variant="p" padding={{ bottom: 'm' }}>
        {t(isNarrowed ? 'emptyFilterWhat' : 'emptyWhat')}
      </Box>
      <div className="rl-map-ways">
        {isNarrowed && <Button onClick={() => onChange({ filter: '', group: '' })}>{t('removeConditions')}</Button>}
        {wider.map((range) => (
          <Button key={rangeText(range)} onClick={() => onChange({ range })}>
            {rangeText(range)}
          </Button>
        ))}
        <PageButton to="/">{t('sendFirst')}</PageButton>
      </div>
    </Box>
  );
}
