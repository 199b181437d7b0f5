import type { English, Translation } from '../catalogue';

export const analytics: Translation<English['analytics']> = {
  title: '분석',
};
