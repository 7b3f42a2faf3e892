import { fileURLToPath } from 'node:url'
import uni from '@dcloudio/vite-plugin-uni'
import { type Plugin, defineConfig } from 'vite'

// The package is published as CommonJS: its plugin sits under `default` when loaded as a module.
const plugin = typeof uni === 'function' ? uni : (uni as unknown as { default: typeof uni }).default
const server = process.env.LINLI_URL ?? 'http://127.0.0.1:8080'

// uni's style sheet asks a foreign host for shadows of page heads we do not have; our pages ask nobody else.
const nothingForeign: Plugin = {
  name: 'nothing-foreign',
  enforce: 'post',
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type === 'asset' && file.fileName.endsWith('.css')) {
        file.source = String(file.source).replace(/url\(["']?https?:[^)]*\)/g, 'none')
      }
    }
  },
}

export default defineConfig({
  plugins: [plugin(), nothingForeign],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { proxy: { '/api': { target: server, ws: true } } },
})
