import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

// Where `npm run dev` finds a running raylens.
const server = process.env.RAYLENS_ENDPOINT ?? 'http://127.0.0.1:2080';

/**
 * Fonts that a package embeds in its style sheet, as files of their own: the Content-Security-Policy allows no data:
 * fonts, and a reader fetches only the weights and alphabets that a page shows (8 of them are 190 kB).
 */
function fontsAsFiles(): Plugin {
  return {
    name: 'fonts-as-files',
    apply: 'build',
    enforce: 'pre',
    transform(code, id) {
      if (!id.endsWith('@cloudscape-design/global-styles/index.css')) return null;
      let count = 0;
      return code.replace(/url\('data:font\/woff2;base64,([A-Za-z0-9+/=]+)'\)/g, (_, base64: string) => {
        count += 1;
        const source = Buffer.from(base64, 'base64');
        const reference = this.emitFile({ type: 'asset', name: `open-sans-${count}.woff2`, source });
        return `url(__VITE_ASSET__${reference}__)`;
      });
    },
  };
}

export default defineConfig({
  base: '/console/',
  plugins: [react(), fontsAsFiles()],
  resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
  build: {
    target: 'es2022',
    // Scripts and styles come from files only: the server's Content-Security-Policy allows nothing else.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
    // What the bundle holds of others, as their licences ask; the server hands it out with the rest.
    license: { fileName: 'licenses.md' },
  },
  worker: { format: 'es' },
  server: { proxy: { '/api': server, '/healthz': server } },
});
