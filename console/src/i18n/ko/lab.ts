import type { English, Translation } from '../catalogue';

export const lab: Translation<English['lab']> = {
  title: '실습',
};
