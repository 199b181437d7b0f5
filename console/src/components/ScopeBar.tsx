import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import DateRangePicker, { type DateRangePickerProps } from '@cloudscape-design/components/date-range-picker';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useTranslation } from 'react-i18next';
import type { Scope } from '@/model/scope';
import type { TimeRange } from '@/model/timeRange';
import { queryClient } from '@/query/cache';
import { useGroups } from '@/query/useGroups';
import { usePreferences } from '@/stores/preferences';

const LENGTHS_S = [300, 900, 1800, 3600, 10_800, 21_600, 86_400, 604_800];
const REFRESH_S = [0, 5, 15, 30, 60];
const UNIT_S = { second: 1, minute: 60, hour: 3600, day: 86_400, week: 604_800 } as const;

/** Time range, group and how often to look again: what nearly every page is restricted by. */
export function ScopeBar(props: { scope: Scope; onChange(scope: Scope): void }) {
  const { scope, onChange } = props;
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <GroupPicker group={scope.group} onChange={(group) => onChange({ ...scope, group })} />
      <RangePicker range={scope.range} onChange={(range) => onChange({ ...scope, range })} />
      <RefreshPicker />
    </SpaceBetween>
  );
}

/** Chooses a group; "" is all traces. */
export function GroupPicker(props: { group: string; onChange(group: string): void }) {
  const { t } = useTranslation();
  const groups = (useGroups().data?.groups ?? []).filter((group) => !group.is_default);
  const options = [
    { value: '', label: t('allTraces') },
    ...groups.map((group) => ({ value: group.name, label: group.name, description: group.filter ?? '' })),
  ];
  const selected = options.find((option) => option.value === props.group) ?? {
    value: props.group,
    label: props.group,
  };
  return (
    <Select
      ariaLabel={t('group')}
      inlineLabelText={t('group')}
      selectedOption={selected}
      options={options}
      onChange={({ detail }) => props.onChange(detail.selectedOption.value ?? '')}
      expandToViewport
    />
  );
}

/** A range in words: `Last 6 hours`. */
export function useRangeText(): (range: TimeRange) => string {
  const { t, i18n } = useTranslation();
  return (range) => {
    if (range.kind === 'last') {
      const [key, unit] = (
        [
          ['days', 86_400],
          ['hours', 3600],
          ['minutes', 60],
          ['seconds', 1],
        ] as const
      ).find(([, length]) => range.seconds % length === 0 && (length < 86_400 || range.seconds > 86_400)) ?? [
        'seconds',
        1,
      ];
      return t('last', { length: t(key, { count: range.seconds / unit }) });
    }
    const format = new Intl.DateTimeFormat(i18n.language, {
      dateStyle: 'short',
      timeStyle: 'medium',
      hourCycle: 'h23',
    });
    return format.formatRange(new Date(range.start * 1000), new Date(range.end * 1000));
  };
}

/** Chooses a time range. */
export function RangePicker(props: { range: TimeRange; onChange(range: TimeRange): void }) {
  const { t } = useTranslation();
  const rangeText = useRangeText();
  const { range } = props;
  const value: DateRangePickerProps.Value =
    range.kind === 'last'
      ? { type: 'relative', key: String(range.seconds), amount: range.seconds, unit: 'second' }
      : {
          type: 'absolute',
          startDate: new Date(range.start * 1000).toISOString(),
          endDate: new Date(range.end * 1000).toISOString(),
        };
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <DateRangePicker
      value={value}
      rangeSelectorMode="default"
      hideTimeOffset
      granularity="day"
      timeInputFormat="hh:mm:ss"
      expandToViewport
      relativeOptions={LENGTHS_S.map((seconds) => ({
        type: 'relative',
        key: String(seconds),
        amount: seconds,
        unit: 'second',
      }))}
      isValidRange={(chosen) =>
        chosen && rangeOf(chosen) ? { valid: true } : { valid: false, errorMessage: t('rangeInvalid') }
      }
      onChange={({ detail }) => {
        const chosen = detail.value && rangeOf(detail.value);
        if (chosen) props.onChange(chosen);
      }}
      showClearButton={false}
      placeholder={t('rangePlaceholder')}
      ariaLabel={t('range')}
      absoluteFormat="long-localized"
      i18nStrings={{
        formatRelativeRange: (chosen) =>
          rangeText({ kind: 'last', seconds: chosen.amount * UNIT_S[chosen.unit as keyof typeof UNIT_S] }),
        dateTimeConstraintText: t('rangeZone', { zone }),
        absoluteModeTitle: t('rangeAbsolute'),
        relativeModeTitle: t('rangeRelative'),
        applyButtonLabel: t('rangeApply'),
        cancelButtonLabel: t('rangeCancel'),
        clearButtonLabel: t('rangeClear'),
        customRelativeRangeOptionLabel: t('rangeCustom'),
        customRelativeRangeOptionDescription: t('rangeCustomWhat'),
        customRelativeRangeDurationLabel: t('rangeDuration'),
        customRelativeRangeUnitLabel: t('rangeUnit'),
        startDateLabel: t('rangeStart'),
        startTimeLabel: t('rangeStartTime'),
        endDateLabel: t('rangeEnd'),
        endTimeLabel: t('rangeEndTime'),
      }}
    />
  );
}

function rangeOf(value: DateRangePickerProps.Value): TimeRange | null {
  if (value.type === 'relative') {
    const seconds = value.amount * UNIT_S[value.unit as keyof typeof UNIT_S];
    return seconds > 0 ? { kind: 'last', seconds } : null;
  }
  const start = Date.parse(value.startDate) / 1000;
  const end = Date.parse(value.endDate) / 1000;
  return end > start ? { kind: 'between', start, end } : null;
}

function RefreshPicker() {
  const { t } = useTranslation();
  const { refreshS, change } = usePreferences();
  return (
    <ButtonDropdown
      ariaLabel={t('refresh')}
      expandToViewport
      mainAction={{
        iconName: 'refresh',
        ariaLabel: t('refreshNow'),
        text: refreshS ? t('refreshEvery', { seconds: refreshS }) : '',
        onClick: () => void queryClient.invalidateQueries(),
      }}
      items={REFRESH_S.map((seconds) => ({
        id: String(seconds),
        itemType: 'checkbox' as const,
        checked: seconds === refreshS,
        text: seconds ? t('refreshEvery', { seconds }) : t('refreshOff'),
      }))}
      onItemClick={({ detail }) => change({ refreshS: Number(detail.id) })}
    />
  );
}
