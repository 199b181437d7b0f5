import { learn } from '@/i18n';

/** The chunk of every page, by the first part of its address. */
export const loaders = {
  '': () => import('./Home'),
  map: () => import('./ServiceMap'),
  traces: () => import('./Traces'),
  trace: () => import('./Trace'),
  'compare-traces': () => import('./CompareTraces'),
  analytics: () => import('./Analytics'),
  insights: () => withTexts('insights', import('./Insights')),
  insight: () => withTexts('insights', import('./Insight')),
  groups: () => import('./Groups'),
  settings: () => import('./Settings'),
  lab: () => import('./Lab'),
};

/** A page together with the texts that come with it. */
async function withTexts<Page>(page: Parameters<typeof learn>[0], chunk: Promise<Page>): Promise<Page> {
  const [loaded] = await Promise.all([chunk, learn(page)]);
  return loaded;
}
