import type { English, Translation } from '../catalogue';

export const settings: Translation<English['settings']> = {
  title: '설정',
};
