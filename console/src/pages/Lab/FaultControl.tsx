import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import './lab.css';
import { amountFrom, factsOf } from './faults';

/** Turns one fault on, with an amount where it has one, and off. */
export function FaultControl(props: {
  fault: string;
  isOn: boolean;
  isBusy: boolean;
  onTurnOn(amount: number | null): void;
  onTurnOff(): void;
}) {
  const { t } = useTranslation('lab');
  const { unit, usual } = factsOf(props.fault);
  const [text, setText] = useState('');
  const amount = amountFrom(text, unit);
  return (
    <SpaceBetween direction="horizontal" size="xs">
      {unit && (
        <FormField errorText={amount === undefined ? t('amountWrong') : ''} constraintText={t(unit)}>
          <div className="lab-amount">
            <Input
              ariaLabel={t('amountOf', { fault: props.fault })}
              type="number"
              inputMode="decimal"
              step="any"
              value={text}
              placeholder={t('usual', { amount: usual })}
              onChange={({ detail }) => setText(detail.value)}
            />
          </div>
        </FormField>
      )}
      <Button
        disabled={amount === undefined}
        loading={props.isBusy}
        ariaLabel={`${t('turnOn')}: ${props.fault}`}
        onClick={() => amount !== undefined && props.onTurnOn(amount)}
      >
        {t('turnOn')}
      </Button>
      {props.isOn && (
        <Button ariaLabel={`${t('turnOff')}: ${props.fault}`} disabled={props.isBusy} onClick={props.onTurnOff}>
          {t('turnOff')}
        </Button>
      )}
    </SpaceBetween>
  );
}
