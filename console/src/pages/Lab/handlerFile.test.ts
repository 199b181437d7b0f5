import { expect, it } from 'vitest';
import { handlerFile } from './handlerFile';

it.each([
  ['get.handler', ['create.py', 'get.py'], 'get.py'],
  ['src/app.main', ['src/app.mjs', 'x.py'], 'src/app.mjs'],
  ['nothing', ['a.py'], 'a.py'],
  ['a.b', [], ''],
])('%s of %j is in %s', (handler, files, file) => {
  expect(handlerFile(handler, files)).toBe(file);
});
