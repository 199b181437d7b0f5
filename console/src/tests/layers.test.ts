import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const SOURCE = join(import.meta.dirname, '..');
// What each room may import, itself apart.
const ALLOWED: Record<string, readonly string[]> = {
  api: [],
  model: ['api'],
  i18n: ['stores'],
  stores: ['model'],
  query: ['api', 'model', 'stores'],
  graph: ['api', 'model', 'stores', 'components', 'i18n'],
  components: ['api', 'model', 'stores', 'query', 'i18n'],
  pages: ['components', 'query', 'stores', 'graph', 'api', 'model', 'i18n'],
};

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'generated' ? [] : sources(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

describe('data walks one way through the rooms', () => {
  for (const path of sources(SOURCE)) {
    const place = relative(SOURCE, path);
    const [room = ''] = place.split('/');
    const allowed = ALLOWED[room];
    if (!allowed) continue;
    it(`${place} imports only from ${allowed.join(', ') || 'its own room'}`, () => {
      const imported = [...readFileSync(path, 'utf8').matchAll(/from '(@\/|(?:\.\.\/)+)([\w-]+)/g)]
        .filter(([, start = '']) => start === '@/' || start.length / 3 >= place.split('/').length - 1)
        .map((match) => match[2] ?? '');
      const wrong = imported.filter((other) => other !== room && other in ALLOWED && !allowed.includes(other));
      expect(wrong).toEqual([]);
    });
  }

  it('keeps the pages apart from each other, addresses excepted', () => {
    const wrong = sources(join(SOURCE, 'pages')).flatMap((path) => {
      const page = relative(join(SOURCE, 'pages'), path).split('/')[0];
      return [...readFileSync(path, 'utf8').matchAll(/from '@\/pages\/(\w+)\/?([\w/]*)'/g)]
        .filter(([, other, file]) => other !== page && file !== 'url')
        .map((match) => `${relative(SOURCE, path)}: ${match[0]}`);
    });
    expect(wrong).toEqual([]);
  });
});

/** Style sheets of all pages that were visited apply together: a class that two of them define means neither. */
it('gives every class one style sheet', () => {
  const homes = new Map<string, Set<string>>();
  const sheets = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.css'));
  for (const sheet of sheets) {
    for (const [, name = ''] of readFileSync(join(SOURCE, sheet), 'utf8').matchAll(/^\.([\w-]+)(?=[\s,{:[.>])/gm)) {
      homes.set(name, (homes.get(name) ?? new Set()).add(sheet));
    }
  }
  const shared = [...homes].filter(([name, of]) => of.size > 1 && name !== 'awsui-dark-mode');
  expect(shared.map(([name, of]) => `${name}: ${[...of].join(', ')}`)).toEqual([
    // the map's own custom properties, and its place on the page
    'rl-map-page: graph/graph.css, pages/ServiceMap/page.css',
  ]);
});
