import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import type { Schemas } from '@/api/client';
import { InnerLink } from '@/components/InnerLink';
import { visible } from '@/model/format';
import { useLabResources } from '@/query/useLab';
import { LabTrouble } from './LabTrouble';
import { PhysicalId, TypeName } from './StackResources';
import { resourcesUrl, stackUrl } from './url';

/** What carries a tag, as the Tag Editor finds it. */
export function TaggedResources() {
  const { t } = useTranslation('lab');
  const { t: shell } = useTranslation();
  const navigate = useNavigate();
  const [query] = useSearchParams();
  const wanted = { key: query.get('key') ?? '', value: query.get('value') ?? '' };
  const [key, setKey] = useState(wanted.key || 'Week');
  const [value, setValue] = useState(wanted.key ? wanted.value : '13-2');
  useEffect(() => {
    if (!wanted.key) return;
    setKey(wanted.key);
    setValue(wanted.value);
  }, [wanted.key, wanted.value]);
  const { data, error, isFetching, refetch } = useLabResources(wanted.key, wanted.value);
  const search = () => {
    if (key === wanted.key && value === wanted.value) void refetch();
    else navigate(resourcesUrl(key, value));
  };
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={t('tagSearchWhat')}>
          {t('tagSearch')}
        </Header>
      }
    >
      <SpaceBetween size="l">
        <Container>
          <SpaceBetween direction="horizontal" size="s" alignItems="end">
            <FormField label={t('tagKey')}>
              <Input
                value={key}
                spellcheck={false}
                onChange={({ detail }) => setKey(detail.value)}
                onKeyDown={({ detail }) => detail.key === 'Enter' && key && search()}
              />
            </FormField>
            <FormField label={t('tagValue')}>
              <Input
                value={value}
                spellcheck={false}
                onChange={({ detail }) => setValue(detail.value)}
                onKeyDown={({ detail }) => detail.key === 'Enter' && key && search()}
              />
            </FormField>
            <Button variant="primary" disabled={!key} onClick={search}>
              {t('search')}
            </Button>
          </SpaceBetween>
        </Container>
        {error ? (
          <LabTrouble trouble={error} onRetry={() => void refetch()} />
        ) : (
          <Table<Schemas['LabTaggedResource']>
            variant="container"
            items={data?.resources ?? []}
            loading={isFetching && !data}
            loadingText={shell('loading')}
            trackBy="arn"
            wrapLines
            header={
              <Header variant="h2" counter={data ? `(${data.resources.length})` : ''}>
                {t('resources')}
              </Header>
            }
            columnDefinitions={[
              {
                id: 'physicalId',
                header: t('physicalId'),
                isRowHeader: true,
                minWidth: 220,
                cell: ({ physical_id, type }) => <PhysicalId id={physical_id} type={type} />,
              },
              {
                id: 'type',
                header: t('type'),
                minWidth: 190,
                cell: ({ type }) => <TypeName type={type} />,
              },
              {
                id: 'stack',
                header: t('stack'),
                minWidth: 180,
                cell: ({ stack_name }) => (
                  <InnerLink to={stackUrl(stack_name)}>
                    <span className="text-as-sent">{visible(stack_name)}</span>
                  </InnerLink>
                ),
              },
              {
                id: 'arn',
                header: t('arn'),
                minWidth: 220,
                cell: ({ arn }) => <span className="text-as-sent">{visible(arn)}</span>,
              },
            ]}
            empty={<Box color="text-body-secondary">{wanted.key ? t('noResources') : t('enterTag')}</Box>}
          />
        )}
      </SpaceBetween>
    </ContentLayout>
  );
}
