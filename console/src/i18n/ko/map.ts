import type { English, Translation } from '../catalogue';

export const map: Translation<English['map']> = {
  title: '서비스 맵',
};
