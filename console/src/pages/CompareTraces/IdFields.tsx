import Autosuggest from '@cloudscape-design/components/autosuggest';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { traceIdOf } from '@/model/traceId';
import { useTraceView } from '@/stores/traceView';

/** The two ids; traces that were looked at before are proposed. */
export function IdFields(props: { a: string; b: string; onApply(ids: { a: string; b: string }): void }) {
  const { t } = useTranslation('compareTraces');
  const visited = useTraceView((view) => view.visited);
  const [a, setA] = useState(props.a);
  const [b, setB] = useState(props.b);
  const [wasTried, setTried] = useState(Boolean(props.a && props.b));
  const apply = () => {
    setTried(true);
    if (traceIdOf(a) && traceIdOf(b)) props.onApply({ a: traceIdOf(a) ?? a, b: traceIdOf(b) ?? b });
  };
  const field = (side: 'a' | 'b', value: string, other: string, onChange: (text: string) => void) => (
    <FormField
      label={t(side === 'a' ? 'idA' : 'idB')}
      errorText={(wasTried || value) && !traceIdOf(value) ? t(value ? 'malformed' : 'missing') : undefined}
    >
      <Autosuggest
        value={value}
        placeholder="1-581cf771-a006649127e371903a2de979"
        enteredTextLabel={(text) => text}
        ariaLabel={t(side === 'a' ? 'idA' : 'idB')}
        options={visited.filter((id) => id !== other).map((id) => ({ value: id, description: t('visited') }))}
        filteringType="none"
        onChange={({ detail }) => onChange(detail.value)}
        onKeyDown={({ detail }) => {
          if (detail.key === 'Enter') apply();
        }}
      />
    </FormField>
  );
  return (
    <div className="compare-fields">
      {field('a', a, b, setA)}
      {field('b', b, a, setB)}
      <div className="compare-apply">
        <Button variant="primary" onClick={apply}>
          {t('compare')}
        </Button>
      </div>
    </div>
  );
}
