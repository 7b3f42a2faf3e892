import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import Components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import { defineConfig } from 'vite'

// The server hands this folder out under /console/ with a strict content policy: nothing inline, nothing from elsewhere.
export default defineConfig({
  base: '/console/',
  plugins: [vue(), Components({ dts: 'src/components.d.ts', dirs: ['src/parts'], resolvers: [ElementPlusResolver()] })],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: { target: 'es2022', assetsInlineLimit: 0, chunkSizeWarningLimit: 700 },
  server: { proxy: { '/api': process.env.LINLI_API ?? 'http://127.0.0.1:8080' } },
})
