import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import TokenGroup from '@cloudscape-design/components/token-group';
import { useTranslation } from 'react-i18next';
import type { Trouble } from '@/api/client';
import { FilterBar } from '@/components/FilterBar';
import { GroupPicker, RangePicker } from '@/components/ScopeBar';
import { partsOf, withoutPart } from '@/model/conjunction';
import { visible } from '@/model/format';
import type { Scope } from '@/model/scope';
import { resolveRange, type TimeRange } from '@/model/timeRange';
import { askedB, type SetB } from '@/model/traceSets';
import { SetMark } from './SetMark';
import { PRESETS, type Preset, presetOf, setBOf } from './setBPresets';
import './analytics.css';

const TEXTS = {
  none: ['bNone', 'bNoneWhat'],
  rest: ['bRest', 'bRestWhat'],
  before: ['bBefore', 'bBeforeWhat'],
  day: ['bDay', 'bDayWhat'],
  week: ['bWeek', 'bWeekWhat'],
  ok: ['bOk', 'bOkWhat'],
  all: ['bAll', 'bAllWhat'],
  other: ['bOther', 'bOtherWhat'],
} as const satisfies Record<Preset, readonly [string, string]>;

/** The two sets: A by its filter, B by what is usually compared with, or by a filter, time and group of its own. */
export function Sets(props: {
  a: Scope;
  b: SetB | null;
  troubleA: Trouble | null;
  troubleB: Trouble | null;
  onFilter(filter: string): void;
  onB(b: SetB | null): void;
  onCompare(): void;
}) {
  const { t } = useTranslation('analytics');
  const { a, b } = props;
  const parts = partsOf(a.filter);
  const preset = presetOf(b);
  const options = PRESETS.map((value) => ({
    value,
    label: t(TEXTS[value][0]),
    description: t(TEXTS[value][1]),
  }));
  return (
    <Container>
      <div className="set-rows">
        <div className="set-name">
          <SetMark letter="A" /> <Box variant="strong">{t('setA')}</Box>
        </div>
        <SpaceBetween size="xs">
          <FilterBar value={a.filter} onApply={props.onFilter} trouble={props.troubleA} />
          {parts.length > 1 ? (
            <TokenGroup
              items={parts.map((part) => ({
                label: visible(part),
                dismissLabel: t('removeCondition', { condition: visible(part) }),
              }))}
              limit={6}
              onDismiss={({ detail }) => props.onFilter(withoutPart(a.filter, detail.itemIndex))}
            />
          ) : (
            <Box color="text-body-secondary" fontSize="body-s">
              {t('setAWhat')}
            </Box>
          )}
        </SpaceBetween>
        <div className="set-name">
          <SetMark letter="B" /> <Box variant="strong">{t('setB')}</Box>
        </div>
        <SpaceBetween size="xs">
          <div className="preset">
            <Select
              inlineLabelText={t('compareWith')}
              ariaLabel={t('compareWith')}
              selectedOption={options.find((option) => option.value === preset) ?? null}
              options={options}
              onChange={({ detail }) => props.onB(setBOf(detail.selectedOption.value as Preset, a))}
              expandToViewport
            />
            {b && (
              <Button variant="primary" onClick={props.onCompare}>
                {t('compareNow')}
              </Button>
            )}
          </div>
          {preset === 'other' && b?.kind === 'other' && (
            <OtherSet a={a} b={b} trouble={props.troubleB} onB={props.onB} />
          )}
        </SpaceBetween>
      </div>
    </Container>
  );
}

function OtherSet(props: {
  a: Scope;
  b: Extract<SetB, { kind: 'other' }>;
  trouble: Trouble | null;
  onB(b: SetB): void;
}) {
  const { t } = useTranslation('analytics');
  const { a, b, onB } = props;
  const filter = b.filter ?? a.filter;
  return (
    <FormField label={t('bOther')} description={t('bOtherWhat')} stretch>
      <SpaceBetween size="xs">
        <FilterBar value={filter} onApply={(text) => onB({ ...b, filter: text })} trouble={props.trouble} />
        <SpaceBetween direction="horizontal" size="xs">
          <GroupPicker group={b.group ?? a.group} onChange={(group) => onB({ ...b, group })} />
          <RangePicker range={rangeOf(a, b)} onChange={(range) => onB({ ...b, range })} />
        </SpaceBetween>
      </SpaceBetween>
    </FormField>
  );
}

function rangeOf(a: Scope, b: Extract<SetB, { kind: 'other' }>): TimeRange {
  if (b.range === null) return a.range;
  if (typeof b.range !== 'string') return b.range;
  const { start, end } = askedB(a, b).at(resolveRange(a.range, Date.now()).end * 1000);
  return { kind: 'between', start, end };
}
