// A whole Linli for one test: the server with the clients it carries, and the stand-in for WeChat.
//   LINLI_BIN   the server; target/debug/linli when absent
//   CLIENTS     `built`: what was just built here instead of what the server was compiled with
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serve } from './serve.mjs'

const root = fileURLToPath(new URL('../../../../', import.meta.url))

export async function openTown() {
  const linli = process.env.LINLI_BIN ?? join(root, 'target/debug/linli')
  const port = Number(process.env.LINLI_TEST_PORT ?? 28080)
  const data = mkdtempSync(join(tmpdir(), 'linli-app-'))
  const env = {
    ...process.env,
    LINLI__DATABASE__URL: `sqlite://${data}/linli.db`,
    LINLI__REDIS__URL: '',
    LINLI__FILES__STORE: `file://${data}/files`,
    LINLI__HTTP__LISTEN: `127.0.0.1:${port}`,
    LINLI__HTTP__ADMIN_LISTEN: `127.0.0.1:${port + 1}`,
    LINLI__WECHAT__BASE_URL: `http://127.0.0.1:${port + 2}`,
  }
  const once = (...words) => {
    const done = spawnSync(linli, words, { cwd: root, env, encoding: 'utf8' })
    if (done.status !== 0) throw new Error(`linli ${words.join(' ')}: ${done.stderr || done.error}`)
  }
  const running = []
  process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')))
  const start = (...words) => running.push(spawn(linli, words, { cwd: root, env, stdio: 'ignore' }))

  once('migrate')
  once('import', 'orgs', 'data/divisions_zunyi.csv')
  once('seed')
  start('fake-wechat', '--listen', `127.0.0.1:${port + 2}`, '--push-url', `http://127.0.0.1:${port}/wechat/push`)
  start('serve')
  const server = `http://127.0.0.1:${port}`
  await ready(`${server}/ready`)
  const web = process.env.CLIENTS === 'built' ? await serve(port + 3, server) : undefined
  const origin = web ? `http://127.0.0.1:${port + 3}` : server

  return {
    origin,
    app: `${origin}/app/`,
    console: `${origin}/console/`,
    api: `${server}/api/v1`,
    async close() {
      web?.close()
      const gone = running.map((child) => new Promise((left) => child.once('exit', left)))
      running.forEach((child) => child.kill('SIGTERM'))
      await Promise.all(gone)
      rmSync(data, { recursive: true, force: true })
    },
  }
}

async function ready(url) {
  for (let tries = 0; tries < 300; tries += 1) {
    const answer = await fetch(url).catch(() => null)
    if (answer?.ok) return
    await new Promise((later) => setTimeout(later, 100))
  }
  throw new Error('the server did not become ready')
}
