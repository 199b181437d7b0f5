import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { visible } from '@/model/format';
import { Tracing } from './Functions';
import { PairTable } from './PairTable';

/** How a function is set, under the headings of the AWS console. */
export function FunctionConfiguration(props: { of: Schemas['LabFunction'] }) {
  const { t } = useTranslation('lab');
  const own = props.of;
  return (
    <SpaceBetween size="l">
      <section>
        <Header variant="h2">{t('general')}</Header>
        <KeyValuePairs
          columns={4}
          items={[
            { label: t('runtime'), value: visible(own.runtime) },
            { label: t('handler'), value: <span className="code text-as-sent">{visible(own.handler)}</span> },
            { label: t('memory'), value: `${own.memory_mb} MB` },
            { label: t('timeout'), value: `${own.timeout_s} s` },
            { label: t('arn'), value: <span className="text-as-sent">{visible(own.arn)}</span> },
          ]}
        />
      </section>
      <section>
        <Header variant="h2">{t('monitoring')}</Header>
        <KeyValuePairs
          columns={2}
          items={[
            {
              type: 'group',
              title: t('xray'),
              items: [
                {
                  label: t('tracing'),
                  value: (
                    <>
                      <Tracing mode={own.tracing} />
                      <Box color="text-body-secondary" fontSize="body-s">
                        {t('xrayWhat')}
                      </Box>
                    </>
                  ),
                },
              ],
            },
            {
              type: 'group',
              title: t('logs'),
              items: [{ label: t('logGroup'), value: <span className="text-as-sent">{visible(own.log_group)}</span> }],
            },
          ]}
        />
      </section>
      <section>
        <Header variant="h2">{t('environment')}</Header>
        <PairTable pairs={own.environment} label={t('environment')} />
      </section>
    </SpaceBetween>
  );
}
