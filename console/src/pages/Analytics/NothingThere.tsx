import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { Scope } from '@/model/scope';
import { homeUrl } from '@/pages/Home/url';
import { useStatus } from '@/query/useStatus';

/** A set without traces: why, and where there are some. */
export function NothingThere(props: { scope: Scope; onScope(scope: Scope): void }) {
  const { t } = useTranslation('analytics');
  const navigate = useNavigate();
  const newest = useStatus().data?.stored.newest ?? null;
  const { scope } = props;
  const isFiltered = scope.filter.trim() !== '' || scope.group !== '';
  return (
    <Container>
      <Box textAlign="center" padding="l">
        <SpaceBetween size="s">
          <Box variant="h2">{isFiltered ? t('nothing') : t('nothingAtAll')}</Box>
          <Box color="text-body-secondary">{isFiltered ? t('nothingFiltered') : t('nothingWhat')}</Box>
          <SpaceBetween direction="horizontal" size="xs" alignItems="center">
            {isFiltered && (
              <Button onClick={() => props.onScope({ ...scope, filter: '', group: '' })}>{t('clearFilter')}</Button>
            )}
            {newest !== null && (
              <Button
                onClick={() =>
                  props.onScope({
                    ...scope,
                    range: { kind: 'between', start: Math.floor(newest) - 3599, end: Math.ceil(newest) + 1 },
                  })
                }
              >
                {t('showNewest')}
              </Button>
            )}
            <Button onClick={() => navigate(homeUrl(true))}>{t('howToSend')}</Button>
          </SpaceBetween>
        </SpaceBetween>
      </Box>
    </Container>
  );
}
