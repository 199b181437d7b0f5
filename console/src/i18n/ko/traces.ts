import type { English, Translation } from '../catalogue';

export const traces: Translation<English['traces']> = {
  title: '트레이스',
};
