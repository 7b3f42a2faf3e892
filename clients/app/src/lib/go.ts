import { query } from './words'

export const tabs = [
  { page: 'home', words: '首页', icon: 'house' },
  { page: 'tasks', words: '接单', icon: 'hand-heart' },
  { page: 'stories', words: '晒单', icon: 'sparkles' },
  { page: 'inbox', words: '消息', icon: 'bell' },
  { page: 'me', words: '我的', icon: 'user' },
] as const

const path = (page: string) => `/pages/${page}/${page}`

export function go(page: string, values: Parameters<typeof query>[0] = {}) {
  if (tabs.some((tab) => tab.page === page)) return tab(page)
  uni.navigateTo({ url: path(page) + query(values) })
}

/** In place of this page: there is no way back into a form that was sent. */
export function turnTo(page: string, values: Parameters<typeof query>[0] = {}) {
  uni.redirectTo({ url: path(page) + query(values) })
}

// The mini program has WeChat's own tab bar; in the browser it is ours, and its pages are ordinary ones.
export function tab(page: string) {
  // #ifdef MP-WEIXIN
  uni.switchTab({ url: path(page) })
  // #endif
  // #ifndef MP-WEIXIN
  uni.reLaunch({ url: path(page) })
  // #endif
}

export function back() {
  if (getCurrentPages().length > 1) uni.navigateBack()
  else tab('home')
}
