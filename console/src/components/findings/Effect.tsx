import Popover from '@cloudscape-design/components/popover';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { chanceOf, probabilityText } from './significance';
import './findings.css';

/** An effect of -1 to 1 as a bar to the side of the set that has more: A to the right, B to the left. */
export function EffectBar(props: { effect: number }) {
  const { t } = useTranslation('analytics');
  const { effect } = props;
  const width = `${Math.min(100, Math.max(2, Math.abs(effect) * 100))}%`;
  const text = t('effectOf', {
    effect: Math.abs(effect).toFixed(2),
    side: effect > 0 ? t('moreInA') : t('moreInB'),
  });
  return (
    <div className="effect" role="img" aria-label={text} title={text}>
      <span className="effect-half">{effect < 0 && <span className="effect-b" style={{ width }} />}</span>
      <span className="effect-half">{effect > 0 && <span className="effect-a" style={{ width }} />}</span>
    </div>
  );
}

/** How likely chance alone gives as much, in a word; the number behind it on demand. */
export function ChanceText(props: { of: Schemas['SignificanceShape'] | null }) {
  const { t } = useTranslation('analytics');
  const word = t(`chance_${chanceOf(props.of)}`);
  if (props.of?.q == null) return <span className="quiet">{word}</span>;
  return (
    <Popover dismissButton={false} size="small" content={t('chanceOf', { q: probabilityText(props.of.q) })}>
      {word}
    </Popover>
  );
}
