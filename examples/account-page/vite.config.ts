import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The page asks for `/graphql` at its own address, so that it needs no CORS; this is where that goes. */
const gateway = new URL(process.env['GATEWAY_URL'] ?? 'http://127.0.0.1:4000/graphql');
const proxy = {
  '/graphql': {
    target: gateway.origin,
    changeOrigin: true,
    rewrite: () => gateway.pathname + gateway.search,
  },
};

/**
 * The page runs its own scripts and asks its own address; pictures come from anywhere, over https. Only when it is built:
 * the development server writes scripts into the page. Whoever serves it can say the same in a header, and there
 * `frame-ancestors 'none'` as well, which a page cannot say of itself.
 */
const policy = {
  name: 'content-security-policy',
  apply: 'build' as const,
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: {
        'http-equiv': 'Content-Security-Policy',
        content:
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https:; connect-src 'self'; " +
          "base-uri 'none'; form-action 'none'",
      },
      injectTo: 'head-prepend' as const,
    },
  ],
};

export default defineConfig({
  plugins: [react(), policy],
  server: { proxy },
  preview: { proxy },
  build: { target: 'es2022' },
});
