import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { OUTCOMES } from './measures';
import type { NodeSize } from './types';

/** What colours, borders, sizes and lines mean. */
export function Legend(props: { size: NodeSize; hasLinks: boolean; hasUnknown: boolean }) {
  const { t } = useTranslation(['map', 'shell']);
  return (
    <ul className="rl-map-legend" aria-label={t('legend')}>
      {OUTCOMES.map((outcome) => (
        <Entry key={outcome} text={t(`shell:${outcome}`)}>
          <circle className="rl-map-arc" data-outcome={outcome} cx="12" cy="8" r="5" strokeWidth="4" />
        </Entry>
      ))}
      {props.hasUnknown && (
        <Entry text={t('legendUnknown')}>
          <rect
            x="1"
            y="2"
            width="22"
            height="12"
            rx="6"
            fill="none"
            stroke="var(--rl-map-edge)"
            strokeWidth="1.5"
            strokeDasharray="3 2.5"
          />
        </Entry>
      )}
      <Entry text={t('legendEdge')}>
        <path d="M0 8h11" stroke="var(--rl-map-edge)" strokeWidth="1.5" />
        <path d="M13 8h11" stroke="var(--rl-map-edge)" strokeWidth="5" />
      </Entry>
      {props.hasLinks && (
        <Entry text={t('legendLink')}>
          <path d="M0 8h24" stroke="var(--rl-map-edge)" strokeWidth="2" strokeDasharray="5 4" />
        </Entry>
      )}
      {props.size !== 'none' && (
        <Entry text={t(props.size === 'traffic' ? 'legendTraffic' : 'legendHealth')}>
          <circle cx="6" cy="8" r="3" fill="none" stroke="var(--rl-map-edge)" />
          <circle cx="17" cy="8" r="6" fill="none" stroke="var(--rl-map-edge)" />
        </Entry>
      )}
    </ul>
  );
}

function Entry(props: { text: string; children: ReactNode }) {
  return (
    <li>
      <svg width="24" height="16" aria-hidden="true">
        {props.children}
      </svg>
      {props.text}
    </li>
  );
}
