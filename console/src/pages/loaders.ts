/** The chunk of every page, by the first part of its address. */
export const loaders = {
  '': () => import('./Home'),
  map: () => import('./ServiceMap'),
  traces: () => import('./Traces'),
  trace: () => import('./Trace'),
  'compare-traces': () => import('./CompareTraces'),
  analytics: () => import('./Analytics'),
  groups: () => import('./Groups'),
  settings: () => import('./Settings'),
  lab: () => import('./Lab'),
};
