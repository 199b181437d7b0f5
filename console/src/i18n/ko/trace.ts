import type { English, Translation } from '../catalogue';

export const trace: Translation<English['trace']> = {
  title: '트레이스',
};
