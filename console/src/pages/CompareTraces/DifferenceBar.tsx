import { useTranslation } from 'react-i18next';
import { formatMs } from '@/model/format';

/** A difference as a bar to the left (B was shorter) or to the right (B was longer) of nothing. */
export function DifferenceBar(props: { ms: number; largestMs: number }) {
  const { t } = useTranslation('compareTraces');
  const { ms, largestMs } = props;
  const share = (Math.abs(ms) / largestMs) * 50;
  const isLonger = ms > 0;
  const text = ms === 0 ? t('none') : `${isLonger ? '+' : '−'}${formatMs(Math.abs(ms))}`;
  return (
    <div className="difference">
      <div className="difference-lane" aria-hidden="true">
        <div
          className={isLonger ? 'difference-bar difference-longer' : 'difference-bar difference-shorter'}
          style={{ left: `${isLonger ? 50 : 50 - share}%`, width: `${share}%` }}
        />
      </div>
      <span className="difference-text">{text}</span>
    </div>
  );
}
