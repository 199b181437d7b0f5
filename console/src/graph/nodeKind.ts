/** What a node is, as far as its picture tells. */
export type NodeKind =
  | 'client'
  | 'gateway'
  | 'function'
  | 'table'
  | 'bucket'
  | 'topic'
  | 'queue'
  | 'container'
  | 'server'
  | 'database'
  | 'workflow'
  | 'events'
  | 'remote'
  | 'aws'
  | 'service';

// Longest beginnings first: AWS::ECS::EC2 is a container.
const KINDS: readonly (readonly [string, NodeKind])[] = [
  ['client', 'client'],
  ['AWS::RUM', 'client'],
  ['AWS::ApiGateway', 'gateway'],
  ['AWS::APIGateway', 'gateway'],
  ['AWS::AppSync', 'gateway'],
  ['AWS::ElasticLoadBalancing', 'gateway'],
  ['AWS::Lambda', 'function'],
  ['AWS::DynamoDB', 'table'],
  ['AWS::S3', 'bucket'],
  ['AWS::SNS', 'topic'],
  ['AWS::SQS', 'queue'],
  ['AWS::Kinesis', 'queue'],
  ['AWS::ECS', 'container'],
  ['AWS::EKS', 'container'],
  ['AWS::AppRunner', 'container'],
  ['AWS::EC2', 'server'],
  ['AWS::ElasticBeanstalk', 'server'],
  ['AWS::RDS', 'database'],
  ['AWS::ElastiCache', 'database'],
  ['Database::', 'database'],
  ['AWS::StepFunctions', 'workflow'],
  ['AWS::Events', 'events'],
  ['AWS::', 'aws'],
  ['remote', 'remote'],
];

/** What a node of this type is. */
export function kindOf(type: string): NodeKind {
  return KINDS.find(([start]) => type.startsWith(start))?.[1] ?? 'service';
}

/** The types that are known by a name of their own, by the key of its text. */
export const TYPE_TEXTS = {
  '': 'typeService',
  client: 'typeClient',
  'client::Synthetics': 'typeCanary',
  remote: 'typeRemote',
  'AWS::ApiGateway::Stage': 'typeGatewayStage',
  'AWS::APIGateway::Stage': 'typeGatewayStage',
  'AWS::AppSync::GraphQLAPI': 'typeGraphQl',
  'AWS::Lambda': 'typeLambda',
  'AWS::Lambda::Function': 'typeFunction',
  'AWS::DynamoDB::Table': 'typeTable',
  'AWS::S3::Bucket': 'typeBucket',
  'AWS::SNS::Topic': 'typeTopic',
  'AWS::SQS::Queue': 'typeQueue',
  'AWS::ECS::Container': 'typeEcsContainer',
  'AWS::ECS::EC2': 'typeEcsContainer',
  'AWS::ECS::Fargate': 'typeFargate',
  'AWS::EKS::Container': 'typeEksContainer',
  'AWS::AppRunner::Service': 'typeAppRunner',
  'AWS::EC2::Instance': 'typeInstance',
  'AWS::ElasticBeanstalk::Environment': 'typeBeanstalk',
  'AWS::StepFunctions::StateMachine': 'typeStateMachine',
  'Database::SQL': 'typeSql',
} as const;

/** A type without a name of its own, shortened: `AWS::Kinesis` reads `Kinesis`. */
export function shortType(type: string): string {
  return type.replace(/^AWS::/, '').replaceAll('::', ' ');
}

/** The part of a name that tells it apart: of the URL of a queue and of an ARN the end. */
export function shortName(name: string): string {
  const end = /^https?:\/\/sqs\..*\/([^/]+)$/.exec(name) ?? /^arn:[\w-]*:(?:[^:]*:){3,4}([^:]+)$/.exec(name);
  return end?.[1] ?? name;
}

/** The texts that name a type. */
export type TypeText = (typeof TYPE_TEXTS)[keyof typeof TYPE_TEXTS];

/** The key of the text that names a type; null where the type names itself. */
export function typeText(type: string): TypeText | null {
  return Object.hasOwn(TYPE_TEXTS, type) ? TYPE_TEXTS[type as keyof typeof TYPE_TEXTS] : null;
}

/** Whether a node is drawn dashed: nobody said what it is, and it sent nothing itself. */
export function isUnknown(node: { is_client: boolean; reporting: boolean; type: string }): boolean {
  return !node.is_client && !node.reporting && (node.type === '' || node.type === 'remote');
}
