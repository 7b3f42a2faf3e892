import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import Components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import { defineConfig } from 'vite'

const api = process.env.LINLI_API ?? 'http://127.0.0.1:8080'
// As the server sends it, so that `vite preview` and the tests see what an office sees.
const policy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; frame-ancestors 'none'"

/** Type is written in px and built in rem, Element Plus's too: all of it grows with the root, once. */
const typeInRem = {
  postcssPlugin: 'type-in-rem',
  Declaration(one: { prop: string; value: string }) {
    if (!/^(font|font-size|line-height|--.*(font-size|line-height).*)$/.test(one.prop)) return
    one.value = one.value.replace(/([\d.]+)px/g, (_, px) => `${Number(px) / 16}rem`)
  },
}

// The server hands this folder out under /console/ with a strict content policy: nothing inline, nothing from elsewhere.
export default defineConfig({
  base: '/console/',
  css: { postcss: { plugins: [typeInRem] } },
  plugins: [vue(), Components({ dts: 'src/components.d.ts', dirs: ['src/parts'], resolvers: [ElementPlusResolver()] })],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: { target: 'es2022', assetsInlineLimit: 0, chunkSizeWarningLimit: 700 },
  server: { proxy: { '/api': { target: api, ws: true } } },
  preview: { proxy: { '/api': { target: api, ws: true } }, headers: { 'Content-Security-Policy': policy } },
})
