import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { formatMs, formatShare, visible } from '@/model/format';
import { FAILURES, perMinute } from './measures';
import { shortName, shortType, typeText } from './nodeKind';
import type { MapEdge, MapNode, Statistics } from './types';

/** How a map's names and figures are written in the language in force. */
export interface MapTexts {
  name(node: Pick<MapNode, 'name'>): string;
  /** The name as it stands on the map */
  shortName(node: Pick<MapNode, 'name'>): string;
  type(type: string): string;
  /** How often a minute; null where the length of time is not known */
  rate(requests: number, seconds: number | null): string | null;
  /** What of the requests failed: `2 % faults, 1 % errors`; empty where none did */
  troubles(statistics: Statistics): string;
  /** A node in one sentence, for those who listen */
  node(node: MapNode): string;
  edge(edge: MapEdge, source: string, target: string): string;
  /** How many calls and how long they took, where that is known */
  edgeLabel(edge: MapEdge): [calls: string, average?: string];
  average(statistics: Statistics): string;
}

export function useMapTexts(): MapTexts {
  const { t, i18n } = useTranslation(['map', 'shell']);
  const language = i18n.language;
  return useMemo(() => {
    const short = new Intl.NumberFormat(language, { notation: 'compact', maximumSignificantDigits: 3 });
    const rates = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 });
    const texts: MapTexts = {
      name: (node) => visible(node.name) || t('unnamed'),
      shortName: (node) => visible(shortName(node.name)) || t('unnamed'),
      type: (type) => {
        const key = typeText(type);
        return key ? t(key) : visible(shortType(type));
      },
      rate: (requests, seconds) => {
        const rate = perMinute(requests, seconds);
        return rate === null ? null : t('perMinute', { rate: rates.format(rate) });
      },
      average: (statistics) => (statistics.average_ms === null ? '–' : formatMs(statistics.average_ms)),
      troubles: (statistics) =>
        FAILURES.flatMap((outcome) => {
          const count = statistics[outcome];
          return count ? [t(`share_${outcome}`, { share: formatShare(count / statistics.requests) })] : [];
        }).join(', '),
      node: (node) => sentence([texts.name(node), texts.type(node.type), ...figures(node.statistics)]),
      edge: (edge, source, target) =>
        sentence([t(edge.is_link ? 'linkFromTo' : 'callsFromTo', { source, target }), ...figures(edge.statistics)]),
      edgeLabel: (edge) => {
        const { requests, average_ms } = edge.statistics;
        // Nothing is known of it but that there were calls.
        if (requests === 0) return [''];
        const count = t('callCount', { count: requests, text: short.format(requests) });
        return average_ms === null ? [count] : [count, formatMs(average_ms)];
      },
    };
    function figures(statistics: Statistics | null): string[] {
      if (!statistics) return [];
      const average = statistics.average_ms === null ? '' : t('averageOf', { length: texts.average(statistics) });
      return [t('shell:requestCount', { count: statistics.requests }), texts.troubles(statistics), average];
    }
    return texts;
  }, [t, language]);
}

function sentence(parts: readonly string[]): string {
  return parts.filter(Boolean).join(', ');
}
