import { I18nProvider } from '@cloudscape-design/components/i18n';
import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { BrowserRouter, Route, Routes } from 'react-router';
import { NotFound } from './components/NotFound';
import { PageLoading } from './components/PageLoading';
import { Shell } from './components/Shell';
import { useTheme } from './components/useTheme';
import { componentMessages, speak } from './i18n';
import { loaders } from './pages/loaders';
import { queryClient } from './query/cache';
import { languageInForce, usePreferences } from './stores/preferences';

const Home = lazy(loaders['']);
const ServiceMap = lazy(loaders.map);
const Traces = lazy(loaders.traces);
const Trace = lazy(loaders.trace);
const CompareTraces = lazy(loaders['compare-traces']);
const Analytics = lazy(loaders.analytics);
const Insights = lazy(loaders.insights);
const Insight = lazy(loaders.insight);
const Groups = lazy(loaders.groups);
const Settings = lazy(loaders.settings);
const Lab = lazy(loaders.lab);

export function App() {
  useTheme();
  const language = languageInForce(usePreferences((preferences) => preferences.language));
  const { i18n } = useTranslation();
  useEffect(() => {
    if (i18n.language !== language) void speak(language);
  }, [i18n.language, language]);
  return (
    <I18nProvider locale={i18n.language} messages={[...componentMessages]}>
      <QueryClientProvider client={queryClient}>
        <BrowserRouter basename="/console">
          <Shell>
            <Suspense fallback={<PageLoading />}>
              <Routes>
                <Route path="/" element={<Home />} />
                <Route path="/map" element={<ServiceMap />} />
                <Route path="/traces" element={<Traces />} />
                <Route path="/traces/:traceId" element={<Trace />} />
                <Route path="/compare-traces" element={<CompareTraces />} />
                <Route path="/analytics" element={<Analytics />} />
                <Route path="/insights" element={<Insights />} />
                <Route path="/insights/:id" element={<Insight />} />
                <Route path="/groups" element={<Groups />} />
                <Route path="/settings" element={<Settings />} />
                <Route path="/lab/*" element={<Lab />} />
                <Route path="*" element={<NotFound />} />
              </Routes>
            </Suspense>
          </Shell>
        </BrowserRouter>
      </QueryClientProvider>
    </I18nProvider>
  );
}
