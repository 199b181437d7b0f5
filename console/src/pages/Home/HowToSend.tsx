import Box from '@cloudscape-design/components/box';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tabs from '@cloudscape-design/components/tabs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CodeSnippet } from '@/components/CodeSnippet';
import { DEPLOY_COMMAND, labCommand } from '@/model/labCommand';
import {
  boto3Snippet,
  curlSnippet,
  daemonConfiguration,
  type Place,
  SDK_CODE,
  SDK_NAMES,
  SDK_PACKAGES,
  SDKS,
  type Sdk,
  sdkEnvironment,
} from './snippets';

/** Every way to send traces, with the addresses at which this server listens. */
export function HowToSend(props: { place: Place }) {
  const { t } = useTranslation('home');
  const { place } = props;
  return (
    <SpaceBetween size="m">
      <Tabs
        tabs={[
          {
            id: 'lab',
            label: t('tabLab'),
            content: (
              <SpaceBetween size="s">
                <Box>{t('labWhat')}</Box>
                <CodeSnippet label={t('labRun')} text={labCommand(place.doors, 'quicktable')} />
              </SpaceBetween>
            ),
          },
          { id: 'sdk', label: t('tabSdk'), content: <OfSdk place={place} /> },
          {
            id: 'api',
            label: t('tabApi'),
            content: (
              <SpaceBetween size="s">
                <Box>{t('apiWhat')}</Box>
                <Box variant="h3">{t('apiCurl')}</Box>
                <CodeSnippet label={t('apiCurl')} text={curlSnippet(place)} />
                <Box variant="h3">{t('apiBoto3')}</Box>
                <CodeSnippet label={t('apiBoto3')} text={boto3Snippet(place)} />
              </SpaceBetween>
            ),
          },
          {
            id: 'daemon',
            label: t('tabDaemon'),
            content: (
              <SpaceBetween size="s">
                <Box>{t('daemonWhat')}</Box>
                <CodeSnippet label={t('daemonFile')} text={daemonConfiguration(place)} />
                <Box color="text-body-secondary">{t('daemonPorts')}</Box>
              </SpaceBetween>
            ),
          },
          {
            id: 'lambda',
            label: t('tabLambda'),
            content: (
              <SpaceBetween size="s">
                <Box>{t('lambdaWhat')}</Box>
                <CodeSnippet label={t('lambdaLab')} text={labCommand(place.doors, 'serve')} />
                <CodeSnippet label={t('lambdaDeploy')} text={DEPLOY_COMMAND} />
              </SpaceBetween>
            ),
          },
        ]}
      />
      <KeyValuePairs
        columns={4}
        items={[
          { label: t('endpoint'), value: <Code text={place.doors.http} /> },
          { label: t('daemonUdp'), value: <Code text={place.doors.udp} /> },
          { label: t('daemonTcp'), value: <Code text={place.doors.tcp} /> },
          { label: t('region'), value: <Code text={place.region} /> },
        ]}
      />
      {place.doors.http.startsWith('http://127.0.0.1') && (
        <Box color="text-body-secondary" fontSize="body-s">
          {t('local')}
        </Box>
      )}
    </SpaceBetween>
  );
}

function OfSdk(props: { place: Place }) {
  const { t } = useTranslation('home');
  const [sdk, setSdk] = useState<Sdk>('python');
  return (
    <SpaceBetween size="s">
      <SegmentedControl
        label={t('tabSdk')}
        selectedId={sdk}
        options={SDKS.map((id) => ({ id, text: SDK_NAMES[id] }))}
        onChange={({ detail }) => setSdk(detail.selectedId as Sdk)}
      />
      <Box>{t('sdkWhat')}</Box>
      <CodeSnippet label={t('sdkEnvironment')} text={sdkEnvironment(props.place)} />
      <Box variant="h3">{t('sdkPackage')}</Box>
      <CodeSnippet label={t('sdkPackage')} text={SDK_PACKAGES[sdk]} />
      <Box variant="h3">{t('sdkCode')}</Box>
      <CodeSnippet label={t('sdkCode')} text={SDK_CODE[sdk]} />
      <Box color="text-body-secondary">{t('sdkSampling')}</Box>
    </SpaceBetween>
  );
}

function Code(props: { text: string }) {
  return <span className="code text-as-sent">{props.text}</span>;
}
