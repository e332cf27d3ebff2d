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

export default defineConfig({
  plugins: [react()],
  server: { proxy },
  preview: { proxy },
  build: { target: 'es2022' },
});
