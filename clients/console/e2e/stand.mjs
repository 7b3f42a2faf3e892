// A whole Linli for the tests: its own SQLite, the demo community, WeChat's stand-in, the console that the program carries.
//   LINLI_BIN   the server; target/debug/linli when absent
//   LINLI_WEB   `preview`: the console of dist/ instead of the one the program carries
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('..', import.meta.url))
const root = fileURLToPath(new URL('../../../', import.meta.url))
const binary = resolve(root, process.env.LINLI_BIN ?? 'target/debug/linli')

function freePort() {
  return new Promise((tell) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => tell(port))
    })
  })
}

async function ready(url) {
  for (let turn = 0; turn < 300; turn += 1) {
    if (
      await fetch(url).then(
        (answer) => answer.ok,
        () => false,
      )
    )
      return
    await wait(100)
  }
  throw new Error(`没有起来：${url}`)
}

const isoDay = (days) => new Date(Date.now() + days * 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 10)

/** What `npm run build` left in dist/, before the program has it. */
async function ownBuild(api) {
  process.env.LINLI_API = api
  const { preview } = await import('vite')
  const port = await freePort()
  const server = await preview({
    root: here,
    logLevel: 'silent',
    preview: { port, host: '127.0.0.1', strictPort: true },
  })
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() }
}

export async function stand() {
  const [port, admin, wechat] = await Promise.all([freePort(), freePort(), freePort()])
  const folder = mkdtempSync(join(tmpdir(), 'linli-console-'))
  const env = {
    ...process.env,
    LINLI__DATABASE__URL: `sqlite://${folder}/linli.db`,
    LINLI__REDIS__URL: '',
    LINLI__FILES__STORE: `file://${folder}/files`,
    LINLI__HTTP__LISTEN: `127.0.0.1:${port}`,
    LINLI__HTTP__ADMIN_LISTEN: `127.0.0.1:${admin}`,
    LINLI__WECHAT__BASE_URL: `http://127.0.0.1:${wechat}`,
  }
  const once = (...args) => {
    const done = spawnSync(binary, args, { cwd: root, env, encoding: 'utf8' })
    if (done.status !== 0) throw new Error(`linli ${args[0]}：${done.error ?? done.stderr}`)
  }
  once('migrate')
  once('import', 'orgs', 'data/divisions_zunyi.csv')
  once('seed')
  for (const daysAgo of [1, 2, 3, 6]) once('jobs', 'run', 'birthday.day', '--date', isoDay(-daysAgo))
  const start = (...args) => spawn(binary, args, { cwd: root, env, stdio: 'ignore' })
  const children = [
    start('fake-wechat', '--listen', `127.0.0.1:${wechat}`, '--push-url', `http://127.0.0.1:${port}/wechat/push`),
    start('serve'),
  ]
  const api = `http://127.0.0.1:${port}`
  await ready(`${api}/ready`)
  const web = process.env.LINLI_WEB === 'preview' ? await ownBuild(api) : null
  return {
    api: `${api}/api/v1`,
    url: `${web?.url ?? api}/console/`,
    async stop() {
      await web?.close()
      for (const child of children) child.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
