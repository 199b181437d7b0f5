import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group';
import { useTranslation } from 'react-i18next';
import { useHref, useLocation, useNavigate } from 'react-router';
import { scopeFrom } from '@/model/scope';
import { tracesUrl } from '@/pages/Traces/url';

/** The way back to the list one came from, with what was asked there. */
export function TraceCrumbs(props: { traceId: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const location = useLocation();
  const state: unknown = location.state;
  const from = state && typeof state === 'object' && 'from' in state ? String(state.from) : '';
  // An address of this console only.
  const list = /^\/traces(\?|$)/.test(from) ? from : tracesUrl(scopeFrom(new URLSearchParams(location.search)));
  return (
    <BreadcrumbGroup
      ariaLabel={t('wayBack')}
      items={[
        { text: t('traces'), href: useHref(list) },
        { text: props.traceId, href: '#' },
      ]}
      onFollow={(event) => {
        event.preventDefault();
        if (event.detail.href !== '#') navigate(list);
      }}
    />
  );
}
