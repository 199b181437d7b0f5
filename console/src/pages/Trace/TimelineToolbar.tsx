import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import Input, { type InputProps } from '@cloudscape-design/components/input';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import ToggleButton from '@cloudscape-design/components/toggle-button';
import { type Ref, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { TraceState } from './url';

const LEVELS = [1, 2, 3, 5, 8];

/** What can be done with the timeline as a whole. */
export function TimelineToolbar(props: {
  find: string;
  matches: number;
  /** Place of the active row among the matches, from 1; 0 where it is none. */
  match: number;
  only: TraceState['only'];
  hasPath: boolean;
  showsPath: boolean;
  isZoomed: boolean;
  searchRef: Ref<InputProps.Ref>;
  onFind(text: string): void;
  onMatch(direction: 1 | -1): void;
  onOnly(only: TraceState['only']): void;
  onShowPath(shows: boolean): void;
  onLevel(level: number): void;
  onZoom(factor: number | null): void;
}) {
  const { t, i18n } = useTranslation('trace');
  const hasFind = props.find.trim() !== '';
  const levels = useMemo(
    () => [
      { id: '0', text: t('expandAll') },
      ...LEVELS.map((level) => ({
        id: String(level),
        text: level === 1 ? t('collapseAll') : t('expandToLevel', { level }),
      })),
    ],
    [t],
  );
  return (
    <div className="tl-toolbar" role="toolbar" aria-label={t('timelineTools')}>
      <div className="tl-search">
        <Input
          ref={props.searchRef}
          type="search"
          ariaLabel={t('findSpans')}
          placeholder={t('findPlaceholder')}
          value={props.find}
          onChange={({ detail }) => props.onFind(detail.value)}
          onKeyDown={(event) => {
            if (event.detail.key !== 'Enter') return;
            event.preventDefault();
            props.onMatch(event.detail.shiftKey ? -1 : 1);
          }}
        />
      </div>
      {hasFind && (
        <>
          <span className="tl-count" role="status">
            {props.matches && props.match
              ? t('matchOf', {
                  match: props.match.toLocaleString(i18n.language),
                  matches: props.matches.toLocaleString(i18n.language),
                })
              : t('matches', { count: props.matches })}
          </span>
          <SpaceBetween direction="horizontal" size="xxxs">
            <Button
              variant="icon"
              iconName="angle-up"
              ariaLabel={t('matchBefore')}
              disabled={!props.matches}
              onClick={() => props.onMatch(-1)}
            />
            <Button
              variant="icon"
              iconName="angle-down"
              ariaLabel={t('matchNext')}
              disabled={!props.matches}
              onClick={() => props.onMatch(1)}
            />
          </SpaceBetween>
        </>
      )}
      <SegmentedControl
        label={t('onlyLabel')}
        selectedId={props.only}
        options={[
          { id: 'all', text: t('onlyAll') },
          { id: 'errors', text: t('onlyErrors') },
          { id: 'path', text: t('onlyPath'), disabled: !props.hasPath },
        ]}
        onChange={({ detail }) => props.onOnly(detail.selectedId as TraceState['only'])}
      />
      <span className="tl-gap" />
      <SpaceBetween direction="horizontal" size="xs">
        <ToggleButton
          pressed={props.showsPath && props.hasPath}
          disabled={!props.hasPath}
          disabledReason={t('noPath')}
          iconName="send"
          pressedIconName="send"
          onChange={({ detail }) => props.onShowPath(detail.pressed)}
        >
          {t('criticalPath')}
        </ToggleButton>
        <ButtonDropdown
          items={levels}
          expandToViewport
          onItemClick={({ detail }) => props.onLevel(Number(detail.id) || Number.MAX_SAFE_INTEGER)}
        >
          {t('expand')}
        </ButtonDropdown>
        <Button iconName="zoom-in" variant="icon" ariaLabel={t('zoomIn')} onClick={() => props.onZoom(0.5)} />
        <Button
          iconName="zoom-out"
          variant="icon"
          ariaLabel={t('zoomOut')}
          disabled={!props.isZoomed}
          onClick={() => props.onZoom(2)}
        />
        <Button
          iconName="zoom-to-fit"
          variant="icon"
          ariaLabel={t('zoomReset')}
          disabled={!props.isZoomed}
          onClick={() => props.onZoom(null)}
        />
      </SpaceBetween>
    </div>
  );
}
