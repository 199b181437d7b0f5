import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import { useTranslation } from 'react-i18next';
import { useRangeText } from '@/components/ScopeBar';
import type { Scope } from '@/model/scope';
import type { TimeRange } from '@/model/timeRange';

const LENGTHS_S = [3600, 86_400, 604_800];

/** Why the list is empty, and what may help. */
export function NoTraces(props: { scope: Scope; hasTrouble: boolean; onScope(change: Partial<Scope>): void }) {
  const { scope, hasTrouble, onScope } = props;
  const { t } = useTranslation('traces');
  const rangeText = useRangeText();
  if (hasTrouble) return <Box textAlign="center">{t('emptyTrouble')}</Box>;
  const isFiltered = scope.filter.trim() !== '' || scope.group !== '';
  const length = scope.range.kind === 'last' ? scope.range.seconds : scope.range.end - scope.range.start;
  const wider: TimeRange[] = LENGTHS_S.filter((seconds) => seconds > length).map((seconds) => ({
    kind: 'last',
    seconds,
  }));
  return (
    <Box textAlign="center" padding="l">
      <Box variant="strong">{t(isFiltered ? 'emptyFilter' : 'emptyRange')}</Box>
      <Box variant="p" color="text-body-secondary">
        {t(isFiltered ? 'emptyFilterWhat' : 'emptyRangeWhat')}
      </Box>
      <div className="no-traces-actions">
        {isFiltered && <Button onClick={() => onScope({ filter: '', group: '' })}>{t('clearFilter')}</Button>}
        {wider.slice(0, 2).map((range) => (
          <Button key={rangeText(range)} onClick={() => onScope({ range })}>
            {rangeText(range)}
          </Button>
        ))}
      </div>
    </Box>
  );
}
