import { expect, it } from 'vitest';
import { labCommand } from './labCommand';

it('names the daemon only where it is at an unusual address', () => {
  const doors = { http: 'http://127.0.0.1:2080', udp: '127.0.0.1:2000', tcp: '127.0.0.1:2000' };
  expect(labCommand(doors, 'quicktable')).toBe('raylens lab quicktable --sample-all');
  expect(labCommand({ ...doors, udp: '127.0.0.1:52293' }, 'serve')).toBe(
    'raylens lab serve --sample-all --daemon-address 127.0.0.1:52293',
  );
});
