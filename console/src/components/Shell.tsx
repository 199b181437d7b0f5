import Alert from '@cloudscape-design/components/alert';
import AppLayout from '@cloudscape-design/components/app-layout';
import Button from '@cloudscape-design/components/button';
import SideNavigation from '@cloudscape-design/components/side-navigation';
import TopNavigation from '@cloudscape-design/components/top-navigation';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useNavigate } from 'react-router';
import { scopeFrom, scopeQuery } from '@/model/scope';
import { useStatus } from '@/query/useStatus';
import { useConnection } from '@/stores/connection';
import { type Language, type Theme, usePreferences } from '@/stores/preferences';
import { ErrorBoundary } from './ErrorBoundary';
import { NoticeBar } from './NoticeBar';

const BASE = '/console';
const THEMES = ['system', 'light', 'dark'] as const satisfies readonly Theme[];
const LANGUAGES: readonly [Language, string][] = [
  ['en', 'English'],
  ['ko', '한국어'],
];

/** What surrounds every page: its list, preferences, and what is wrong with the connection. */
export function Shell(props: { children: ReactNode }) {
  const { t } = useTranslation();
  const location = useLocation();
  const navigate = useNavigate();
  const preferences = usePreferences();
  const [isNavigationOpen, setNavigationOpen] = useState(() => window.innerWidth > 900);
  const hasLab = useStatus().data?.has_lab ?? false;
  const at = (path: string) => `${BASE}${path}${pageQuery(location.search)}`;

  const follow = (event: CustomEvent<{ href?: string; external?: boolean }>) => {
    const { href, external } = event.detail;
    if (external || !href?.startsWith(BASE)) return;
    event.preventDefault();
    navigate(href.slice(BASE.length) || '/');
  };

  return (
    <>
      <div id="top">
        <TopNavigation
          identity={{ href: `${BASE}/`, title: t('product'), onFollow: follow }}
          utilities={[
            {
              type: 'menu-dropdown',
              iconName: 'settings',
              ariaLabel: t('theme'),
              title: t('theme'),
              items: THEMES.map((theme) => ({
                id: theme,
                itemType: 'checkbox' as const,
                checked: preferences.theme === theme,
                text: t(THEME_TEXT[theme]),
              })),
              onItemClick: ({ detail }) => preferences.change({ theme: detail.id as Theme }),
            },
            {
              type: 'menu-dropdown',
              text: t('language'),
              title: t('language'),
              items: LANGUAGES.map(([id, text]) => ({ id, text, lang: id })),
              onItemClick: ({ detail }) => preferences.change({ language: detail.id as Language }),
            },
          ]}
        />
      </div>
      <AppLayout
        headerSelector="#top"
        contentType="default"
        maxContentWidth={Number.MAX_VALUE}
        toolsHide
        navigationOpen={isNavigationOpen}
        onNavigationChange={({ detail }) => setNavigationOpen(detail.open)}
        ariaLabels={{
          navigation: t('navigation'),
          navigationClose: t('closeNavigation'),
          navigationToggle: t('openNavigation'),
        }}
        navigation={
          <SideNavigation
            activeHref={activeHref(location.pathname, at)}
            onFollow={follow}
            items={[
              { type: 'link', text: t('home'), href: `${BASE}/` },
              {
                type: 'section-group',
                title: t('explore'),
                items: [
                  { type: 'link', text: t('map'), href: at('/map') },
                  { type: 'link', text: t('traces'), href: at('/traces') },
                  { type: 'link', text: t('analytics'), href: at('/analytics') },
                  { type: 'link', text: t('insights'), href: at('/insights') },
                ],
              },
              {
                type: 'section-group',
                title: t('configure'),
                items: [
                  { type: 'link', text: t('groups'), href: `${BASE}/groups` },
                  { type: 'link', text: t('settings'), href: `${BASE}/settings` },
                ],
              },
              ...(hasLab
                ? [
                    {
                      type: 'section-group' as const,
                      title: t('lab'),
                      items: [
                        { type: 'link' as const, text: t('labStacks'), href: `${BASE}/lab/stacks` },
                        { type: 'link' as const, text: t('labFunctions'), href: `${BASE}/lab/functions` },
                        { type: 'link' as const, text: t('labResources'), href: `${BASE}/lab/resources` },
                        { type: 'link' as const, text: t('labFaults'), href: `${BASE}/lab/faults` },
                        { type: 'link' as const, text: t('labLogGroups'), href: `${BASE}/lab/log-groups` },
                      ],
                    },
                  ]
                : []),
            ]}
          />
        }
        notifications={
          <>
            <ConnectionBanner />
            <NoticeBar />
          </>
        }
        content={<ErrorBoundary place={location.key}>{props.children}</ErrorBoundary>}
      />
    </>
  );
}

const THEME_TEXT = { system: 'themeSystem', light: 'themeLight', dark: 'themeDark' } as const;

/** Other pages look at the same time and group; the filter of one page would surprise on another. */
function pageQuery(search: string): string {
  const query = scopeQuery({ ...scopeFrom(new URLSearchParams(search)), filter: '' }).toString();
  return query ? `?${query}` : '';
}

function activeHref(path: string, at: (path: string) => string): string {
  const [, page = '', second = ''] = path.split('/');
  if (page === 'lab') return `${BASE}/lab/${second || 'stacks'}`;
  if (['map', 'traces', 'analytics', 'insights'].includes(page)) return at(`/${page}`);
  if (page === 'compare-traces') return at('/traces');
  return `${BASE}/${page}`;
}

function ConnectionBanner() {
  const { t } = useTranslation();
  const state = useConnection((connection) => connection.state);
  if (state === 'ok') return null;
  if (state === 'away') {
    return (
      <Alert type="warning" header={t('away')}>
        {t('awayWhat')}
      </Alert>
    );
  }
  return (
    <Alert
      type="warning"
      header={t('session')}
      action={<Button onClick={() => window.location.reload()}>{t('signIn')}</Button>}
    >
      {t('sessionWhat')}
    </Alert>
  );
}
