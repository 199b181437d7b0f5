import { describe, expect, it } from 'vitest';
import { boto3Snippet, curlSnippet, daemonAddress, daemonConfiguration, sdkEnvironment } from './snippets';

const USUAL = { http: 'http://127.0.0.1:2080', udp: '127.0.0.1:2000', tcp: '127.0.0.1:2000' };
const APART = { http: 'http://127.0.0.1:35243', udp: '127.0.0.1:52293', tcp: '127.0.0.1:46729' };

describe('addresses in what is pasted', () => {
  it('are one for the daemon, or one for each protocol', () => {
    expect(daemonAddress(USUAL)).toBe('127.0.0.1:2000');
    expect(daemonAddress(APART)).toBe('tcp:127.0.0.1:46729 udp:127.0.0.1:52293');
    expect(sdkEnvironment({ doors: APART, region: 'x' })).toBe(
      'export AWS_XRAY_DAEMON_ADDRESS="tcp:127.0.0.1:46729 udp:127.0.0.1:52293"',
    );
  });

  it.each([curlSnippet, boto3Snippet, daemonConfiguration])('are those of the server', (snippet) => {
    expect(snippet({ doors: APART, region: 'ap-northeast-2' })).toContain(APART.http);
  });

  it('name the region', () => {
    expect(boto3Snippet({ doors: USUAL, region: 'ap-northeast-2' })).toContain('region_name="ap-northeast-2"');
  });
});
