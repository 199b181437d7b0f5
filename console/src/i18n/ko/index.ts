import componentMessages from '@cloudscape-design/components/i18n/messages/all.ko';
import type { Catalogue } from '../catalogue';
import { analytics } from './analytics';
import { compareTraces } from './compareTraces';
import { filter } from './filter';
import { groups } from './groups';
import { home } from './home';
import { lab } from './lab';
import { map } from './map';
import { settings } from './settings';
import { shell } from './shell';
import { trace } from './trace';
import { traces } from './traces';
export const catalogue: Catalogue = {
  shell,
  filter,
  home,
  map,
  traces,
  trace,
  compareTraces,
  analytics,
  groups,
  settings,
  lab,
};

export { componentMessages };
