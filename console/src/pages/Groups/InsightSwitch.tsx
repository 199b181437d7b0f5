import Toggle from '@cloudscape-design/components/toggle';
import { useTranslation } from 'react-i18next';
import { visible } from '@/model/format';
import type { Watch } from '@/model/insights';
import type { useInsightSwitches } from '@/query/useInsightSwitches';

/** One switch of a group: whether it is watched, or whether its insights are sent on, which needs the first. */
export function InsightSwitch(props: {
  of: 'insights' | 'notifications';
  watch: Watch | undefined;
  change: ReturnType<typeof useInsightSwitches>;
}) {
  const { t } = useTranslation('groups');
  const { of, watch, change } = props;
  if (!watch) return <>–</>;
  // What was chosen shows at once, and what the server says as soon as it has been asked again.
  const chosen = change.isPending && change.variables.name === watch.group ? change.variables[of] : null;
  const isOn = chosen ?? watch[of];
  return (
    <Toggle
      checked={isOn}
      disabled={change.isPending || (of === 'notifications' && !watch.insights)}
      onChange={({ detail }) => change.mutate({ name: watch.group, [of]: detail.checked })}
      ariaLabel={t(of === 'insights' ? 'insightsOf' : 'notificationsOf', { name: visible(watch.group) })}
    >
      {t(isOn ? 'on' : 'off')}
    </Toggle>
  );
}
