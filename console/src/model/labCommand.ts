import type { Schemas } from '@/api/client';

/** What starts a lab that sends its traces here: with the sample application and a few requests, or empty. */
export function labCommand(doors: Schemas['DoorsShape'], what: 'quicktable' | 'serve'): string {
  const isUsual = doors.udp === '127.0.0.1:2000';
  return `raylens lab ${what} --sample-all${isUsual ? '' : ` --daemon-address ${doors.udp}`}`;
}

/** Deploys a template of one's own in the lab that runs. */
export const DEPLOY_COMMAND = 'raylens lab deploy template.yaml --capability CAPABILITY_IAM';
