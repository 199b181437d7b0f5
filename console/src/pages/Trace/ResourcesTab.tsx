import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { type Fact, Facts } from './Facts';
import { JsonTree } from './JsonTree';
import { Copied } from './OverviewTab';

/** Where a span ran and what it called. */
export function ResourcesTab(props: { span: Schemas['SpanAnswer'] }) {
  const { t } = useTranslation('trace');
  const { span } = props;
  const document = span.document as Record<string, unknown>;
  const named = (entries: readonly Fact[]): Fact[] =>
    entries.map(([name, value]) => [isNamed(name) ? t(NAMES[name]) : name, value]);
  const facts: Fact[] = [
    [t('resourceArn'), span.resource_arn && <Copied text={span.resource_arn} />],
    [t('origin'), textOf(document.origin)],
    ...plainFacts(document.service, t('serviceBlock')),
    ...named(plainFacts(span.aws, '')),
  ];
  const blocks = Object.entries(span.aws as Record<string, unknown>).filter(([, value]) => isObject(value));
  return (
    <SpaceBetween size="l">
      <Facts columns={2} facts={facts} />
      {blocks.map(([name, value]) => (
        <SpaceBetween key={name} size="xs">
          <Header variant="h3">
            <span className="text-as-sent">{BLOCKS[name] ?? name}</span>
          </Header>
          {Object.values(value as object).some(isObject) ? (
            <JsonTree value={value} name={name} />
          ) : (
            <Facts columns={2} facts={named(plainFacts(value, ''))} />
          )}
        </SpaceBetween>
      ))}
    </SpaceBetween>
  );
}

/** How the members of `aws` are called where people read of them. */
const BLOCKS: Record<string, string> = {
  ec2: 'EC2',
  ecs: 'ECS',
  eks: 'EKS',
  elastic_beanstalk: 'Elastic Beanstalk',
  xray: 'X-Ray SDK',
  cloudwatch_logs: 'CloudWatch Logs',
  api_gateway: 'API Gateway',
};

/** Members whose names can be said in words; the others are shown as they were sent. */
const NAMES = {
  account_id: 'aws_account_id',
  region: 'aws_region',
  operation: 'operation',
  request_id: 'aws_request_id',
  id_2: 'aws_id_2',
  retries: 'aws_retries',
  table_name: 'aws_table_name',
  queue_url: 'aws_queue_url',
  bucket_name: 'aws_bucket_name',
  function_name: 'aws_function_name',
  function_arn: 'aws_function_arn',
  instance_id: 'aws_instance_id',
  instance_size: 'aws_instance_size',
  availability_zone: 'aws_availability_zone',
  ami_id: 'aws_ami_id',
  container: 'aws_container',
  container_id: 'aws_container_id',
  sdk: 'aws_sdk',
  sdk_version: 'aws_sdk_version',
} as const;

function isNamed(name: string): name is keyof typeof NAMES {
  return Object.hasOwn(NAMES, name);
}

/** The members of an object that are no objects themselves, under their names as they were sent. */
function plainFacts(value: unknown, prefix: string): Fact[] {
  if (!isObject(value)) return [];
  return Object.entries(value)
    .filter(([, inner]) => !isObject(inner) && inner !== null)
    .map(([name, inner]) => [prefix ? `${prefix}: ${name}` : name, String(inner)] as const);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
