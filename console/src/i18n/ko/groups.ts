import type { English, Translation } from '../catalogue';

export const groups: Translation<English['groups']> = {
  title: '그룹',
};
