// The mini program without WeChat: the built files as they are uploaded, rendered by WeChat's own component simulator in
// a page of memory, with a `wx` that has exactly the calls WeChat has.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { JSDOM } from 'jsdom'
import { knownCalls } from './wx-calls.mjs'

const load = createRequire(import.meta.url)
const known = knownCalls()

/** One phone with the mini program on it. `answer` takes a request and resolves with `{ status, body }`. */
export function openMini(answer, stored = {}) {
  const built = mkdtempSync(join(tmpdir(), 'linli-mini-'))
  cpSync(fileURLToPath(new URL('../../dist/build/mp-weixin', import.meta.url)), built, { recursive: true })
  // Node would take the files for modules of this package.
  writeFileSync(join(built, 'package.json'), '{"type":"commonjs"}')
  const faults = []
  let underway = 0

  async function request({ url, method = 'GET', data, header, success, fail }) {
    underway += 1
    try {
      const { status, body } = await answer({ path: url, method, body: data, headers: header })
      success({ statusCode: status, data: body, header: {} })
    } catch {
      fail({ errMsg: 'request:fail' })
    }
    setTimeout(() => (underway -= 1))
  }

  inMemory({ ...phone(new Map(Object.entries(stored))), request }, faults)
  const simulate = load('miniprogram-simulate')
  load(join(built, 'app.js'))

  return {
    faults,
    /** Opens a page as WeChat does and waits until nothing is under way; the words on it, as a person reads them. */
    async open(page, query) {
      const component = simulate.render(simulate.load(join(built, `pages/${page}/${page}`), { compiler: 'simulate', rootPath: built }))
      const holder = document.createElement('div')
      component.attach(holder)
      component.instance.onLoad?.(query)
      component.instance.onShow?.()
      for (let quiet = 0; quiet < 3; quiet = underway ? 0 : quiet + 1) await new Promise((later) => setTimeout(later, 10))
      const words = holder.textContent.replace(/\s+/g, ' ').trim()
      component.instance.onHide?.()
      component.detach()
      return words
    },
    close() {
      for (const name of Object.keys(load.cache)) if (name.startsWith(built)) delete load.cache[name]
      rmSync(built, { recursive: true, force: true })
      Object.assign(console, { error, warn })
    },
  }
}

const nothing = () => {}
const { error, warn } = console

/** What a phone with WeChat says of itself. */
function phone(store) {
  const device = { platform: 'ios', language: 'zh_CN', SDKVersion: '3.5.0', windowWidth: 390, windowHeight: 844, pixelRatio: 2 }
  return {
    getStorageSync: (name) => store.get(name) ?? '',
    setStorageSync: (name, value) => store.set(name, value),
    removeStorageSync: (name) => store.delete(name),
    getSystemInfoSync: () => device,
    getAppBaseInfo: () => device,
    getWindowInfo: () => device,
    getDeviceInfo: () => device,
    canIUse: () => true,
    getLaunchOptionsSync: () => ({}),
    getEnterOptionsSync: () => ({}),
    connectSocket: () => ({ onMessage: nothing, onClose: nothing, onError: nothing, close: nothing }),
  }
}

function inMemory(calls, faults) {
  const { window } = new JSDOM('<!doctype html><body></body>', { pretendToBeVisual: true })
  // A call that WeChat does not have is a fault; one that only shows something is answered with nothing.
  const wx = { ...Object.fromEntries([...known].map((name) => [name, nothing])), ...calls }
  const app = { onLaunch: nothing }
  const names = { window, wx, document: window.document, CustomEvent: window.CustomEvent, Event: window.Event, Node: window.Node }
  for (const [name, value] of Object.entries(names)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
  Object.assign(globalThis, {
    App: (options) => Object.assign(app, options).onLaunch({}),
    Page: (options) => globalThis.Component(options),
    getApp: () => app,
    getCurrentPages: () => [],
  })
  const complain = (...words) => faults.push(words.join(' '))
  Object.assign(console, { error: complain, warn: complain })
}
