import type { English, Translation } from '../catalogue';

export const home: Translation<English['home']> = {
  title: '홈',
};
