// Makes src/api/generated/ from the server's OpenAPI document: types, and validators that need no eval (the console's
// Content-Security-Policy forbids it).
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv2020 from 'ajv/dist/2020.js';
import standaloneCode from 'ajv/dist/standalone/index.js';
import openapiTS, { astToString } from 'openapi-typescript';

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, '../../docs/reference/openapi.json');
const target = join(here, '../src/api/generated');
const banner = '// Made by scripts/generate-api.mjs from docs/reference/openapi.json. Not to be edited.\n';

const document = JSON.parse(await readFile(source, 'utf8'));
await mkdir(target, { recursive: true });

const types = astToString(await openapiTS(document, { alphabetize: false, defaultNonNullable: false }));
await writeFile(join(target, 'openapi.ts'), banner + types);

const operations = [];
const answers = new Set();
for (const [path, methods] of Object.entries(document.paths)) {
  for (const [method, operation] of Object.entries(methods)) {
    const ref = operation.responses['200'].content['application/json'].schema.$ref;
    if (!ref) continue;
    const answer = ref.split('/').pop();
    answers.add(answer);
    operations.push({ id: operation.operationId, method: method.toUpperCase(), path, answer });
  }
}
answers.add('ErrorAnswer');

const ajv = new Ajv2020({
  strict: false,
  allErrors: false,
  validateFormats: false,
  inlineRefs: false,
  messages: false,
  code: { source: true, esm: true, lines: false, optimize: true },
});
ajv.addSchema({ $id: 'raylens', components: withoutTexts(document.components) });
const exported = {};
for (const answer of answers) {
  ajv.addSchema({ $id: answer, $ref: `raylens#/components/schemas/${answer}` });
  exported[`is${answer}`] = answer;
}
await writeFile(join(target, 'validators.js'), `${banner}${standaloneCode(ajv, exported)}\n`);
await writeFile(
  join(target, 'validators.d.ts'),
  `${banner}${"import type { components } from './openapi';\n"}interface Validator<T> {
  (value: unknown): value is T;
  errors?: { instancePath: string; message?: string }[] | null;
}
${[...answers].map((name) => `export const is${name}: Validator<components['schemas']['${name}']>;`).join('\n')}
`,
);
await writeFile(
  join(target, 'operations.ts'),
  `${banner}import * as validators from './validators';

/** Every operation of the server's own API: where it is, and what its answer has to look like. */
export const operations = {
${operations
  .map((o) => `  ${o.id}: { method: '${o.method}', path: '${o.path}', isAnswer: validators.is${o.answer} },`)
  .join('\n')}
} as const;
`,
);

/** Descriptions and titles are for people; without them the validators are a third of the size. */
function withoutTexts(value) {
  if (Array.isArray(value)) return value.map(withoutTexts);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => !((key === 'description' || key === 'title') && typeof inner === 'string'))
      .map(([key, inner]) => [key, withoutTexts(inner)]),
  );
}
