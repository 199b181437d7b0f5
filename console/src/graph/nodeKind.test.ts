import { describe, expect, it } from 'vitest';
import { node } from './fixtures';
import { isUnknown, kindOf, shortName, shortType, typeText } from './nodeKind';

describe('a node', () => {
  it.each([
    ['client', 'client'],
    ['AWS::ApiGateway::Stage', 'gateway'],
    ['AWS::Lambda::Function', 'function'],
    ['AWS::ECS::EC2', 'container'],
    ['AWS::EC2::Instance', 'server'],
    ['AWS::Bedrock', 'aws'],
    ['Database::SQL', 'database'],
    ['remote', 'remote'],
    ['', 'service'],
    ['anything', 'service'],
  ])('of type %j is a %s', (type, kind) => {
    expect(kindOf(type)).toBe(kind);
  });

  it('has a text for its type, or its type shortened', () => {
    expect(typeText('AWS::DynamoDB::Table')).toBe('typeTable');
    expect(typeText('toString')).toBeNull();
    expect(shortType('AWS::Kinesis::Stream')).toBe('Kinesis Stream');
  });

  it.each([
    ['https://sqs.eu-west-1.amazonaws.com/123456789012/mails', 'mails'],
    ['arn:aws:sns:eu-west-1:123456789012:events', 'events'],
    ['arn:aws:lambda:eu-west-1:123456789012:function:f', 'f'],
    ['https://example.com/a/b', 'https://example.com/a/b'],
    ['orders', 'orders'],
  ])('named %s is %s for short', (name, short) => {
    expect(shortName(name)).toBe(short);
  });

  it('is unknown where nothing was sent and the type says nothing', () => {
    expect(isUnknown(node('a', { reporting: false }))).toBe(true);
    expect(isUnknown(node('a', { reporting: false, type: 'AWS::DynamoDB::Table' }))).toBe(false);
    expect(isUnknown(node('a'))).toBe(false);
    expect(isUnknown(node('a', { reporting: false, is_client: true, type: '' }))).toBe(false);
  });
});
