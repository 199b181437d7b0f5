import type { English, Translation } from '../catalogue';

export const compareTraces: Translation<English['compareTraces']> = {
  title: '트레이스 비교',
};
