import type { StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';

/** How a status of CloudFormation is shown: by its last word, as the AWS console does. */
export function indicatorOf(status: string): StatusIndicatorProps.Type {
  if (status.endsWith('_IN_PROGRESS')) return 'in-progress';
  if (status.includes('FAILED') || status.includes('ROLLBACK')) return 'error';
  if (status.startsWith('DELETE')) return 'stopped';
  return status.endsWith('_COMPLETE') ? 'success' : 'info';
}
