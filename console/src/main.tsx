import '@cloudscape-design/global-styles/index.css';
import './app.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { speak } from './i18n';
import { addressOfFragment } from './model/awsLinks';
import { preload } from './pages/preload';
import { languageInForce, usePreferences } from './stores/preferences';

const moved = addressOfFragment(window.location);
if (moved) window.history.replaceState(null, '', moved);

preload(window.location);
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element #root');
speak(languageInForce(usePreferences.getState().language)).then(() => {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
});
