import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group';
import { useTranslation } from 'react-i18next';
import { useHref, useNavigate, useSearchParams } from 'react-router';
import { insightsUrl, viewFrom } from '@/pages/Insights/url';
import { listQuery } from './url';

/** The way back to the list one came from. */
export function InsightCrumbs(props: { name: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [query] = useSearchParams();
  const list = insightsUrl(viewFrom(listQuery(query)));
  return (
    <BreadcrumbGroup
      ariaLabel={t('wayBack')}
      items={[
        { text: t('insights'), href: useHref(list) },
        { text: props.name, href: '#' },
      ]}
      onFollow={(event) => {
        event.preventDefault();
        if (event.detail.href !== '#') void navigate(list);
      }}
    />
  );
}
