import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group';
import { useTranslation } from 'react-i18next';
import { useInnerLink } from '@/components/InnerLink';
import { visible } from '@/model/format';

/** Where one is: a list of the lab, and what of it is shown. */
export function LabCrumbs(props: { list: string; listUrl: string; name: string }) {
  const { t } = useTranslation();
  const { href, onFollow } = useInnerLink(props.listUrl);
  return (
    <BreadcrumbGroup
      ariaLabel={t('wayBack')}
      items={[
        { text: props.list, href },
        { text: visible(props.name), href: '#' },
      ]}
      onFollow={(event) => (event.detail.href === '#' ? event.preventDefault() : onFollow(event))}
    />
  );
}
