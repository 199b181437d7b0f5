import Button from '@cloudscape-design/components/button';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Trouble } from '@/api/client';

/**
 * A filter expression to be written; `onApply` gets it when it is entered. `trouble` is what the server said of the
 * applied one.
 */
export function FilterBar(props: { value: string; onApply(filter: string): void; trouble?: Trouble | null }) {
  const { t } = useTranslation();
  const [text, setText] = useState(props.value);
  useEffect(() => setText(props.value), [props.value]);
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Input
        ariaLabel={t('filter')}
        placeholder={t('filterPlaceholder')}
        value={text}
        onChange={({ detail }) => setText(detail.value)}
        onKeyDown={({ detail }) => detail.key === 'Enter' && props.onApply(text)}
      />
      <Button onClick={() => props.onApply(text)}>{t('applyFilter')}</Button>
    </SpaceBetween>
  );
}
