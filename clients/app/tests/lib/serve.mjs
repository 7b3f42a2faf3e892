// Serves both built clients as the binary does, compressed and under its strict content policy, and passes the rest on
// to the server.
import { createReadStream, existsSync, statSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { connect } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createGzip } from 'node:zlib'

const built = {
  app: fileURLToPath(new URL('../../dist/build/h5/', import.meta.url)),
  console: fileURLToPath(new URL('../../../console/dist/', import.meta.url)),
}
const kinds = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.png': 'image/png', '.svg': 'image/svg+xml' }
const policy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
  "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

function pass(incoming, outgoing, server) {
  const { hostname, port } = new URL(server)
  const ahead = request(
    { hostname, port, path: incoming.url, method: incoming.method, headers: incoming.headers },
    (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers)
      answer.pipe(outgoing)
    },
  )
  ahead.on('error', () => outgoing.destroy())
  incoming.pipe(ahead)
}

function file(client, incoming, outgoing) {
  const path = normalize(new URL(incoming.url, 'http://app').pathname.slice(client.length + 2))
  const found = join(built[client], path)
  const served = existsSync(found) && statSync(found).isFile() ? found : join(built[client], 'index.html')
  outgoing.writeHead(200, {
    'content-encoding': 'gzip',
    'content-type': `${kinds[extname(served)] ?? 'application/octet-stream'}; charset=utf-8`,
    'content-security-policy': policy,
  })
  createReadStream(served).pipe(createGzip()).pipe(outgoing)
}

export async function serve(port, server) {
  const web = createServer((incoming, outgoing) => {
    const client = /^\/(app|console)\//.exec(incoming.url)?.[1]
    return client ? file(client, incoming, outgoing) : pass(incoming, outgoing, server)
  })
  // Live screens: what was asked goes to the server as it is, and both talk on.
  web.on('upgrade', (incoming, phone) => {
    const { hostname, port: there } = new URL(server)
    const lines = [`GET ${incoming.url} HTTP/1.1`]
    for (let n = 0; n < incoming.rawHeaders.length; n += 2) lines.push(`${incoming.rawHeaders[n]}: ${incoming.rawHeaders[n + 1]}`)
    const ahead = connect(Number(there), hostname, () => ahead.write(`${lines.join('\r\n')}\r\n\r\n`))
    for (const [one, other] of [[phone, ahead], [ahead, phone]]) one.on('error', () => other.destroy())
    ahead.pipe(phone).pipe(ahead)
  })
  await new Promise((up) => web.listen(port, '127.0.0.1', up))
  return { close: () => (web.closeAllConnections(), web.close()) }
}
