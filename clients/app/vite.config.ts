import { fileURLToPath } from 'node:url'
import uni from '@dcloudio/vite-plugin-uni'
import { defineConfig } from 'vite'

// The package is published as CommonJS: its plugin sits under `default` when loaded as a module.
const plugin = typeof uni === 'function' ? uni : (uni as unknown as { default: typeof uni }).default
const server = process.env.LINLI_URL ?? 'http://127.0.0.1:8080'

export default defineConfig({
  plugins: [plugin()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { proxy: { '/api': server } },
})
