import Button from '@cloudscape-design/components/button';
import { useReactFlow } from '@xyflow/react';
import { useTranslation } from 'react-i18next';

/** Buttons for those who have no wheel. */
export function ZoomButtons(props: { onFit(): void }) {
  const { t } = useTranslation('map');
  const { zoomIn, zoomOut } = useReactFlow();
  return (
    <div className="rl-map-buttons">
      <Button variant="icon" iconName="zoom-in" ariaLabel={t('zoomIn')} onClick={() => void zoomIn()} />
      <Button variant="icon" iconName="zoom-out" ariaLabel={t('zoomOut')} onClick={() => void zoomOut()} />
      <Button variant="icon" iconName="zoom-to-fit" ariaLabel={t('zoomToFit')} onClick={props.onFit} />
    </div>
  );
}
