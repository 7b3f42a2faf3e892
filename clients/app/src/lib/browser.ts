/** In the browser uni's elements are no real buttons: what has a role is pressed by Enter and Space here. */
export function helpTheKeyboard() {
  document.documentElement.lang = 'zh-CN'
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return
    const on = event.target as HTMLElement
    if (!/^(button|link|radio|checkbox|switch|tab)$/.test(on.getAttribute('role') ?? '')) return
    event.preventDefault()
    on.click()
  })
}

/** uni keeps the attributes of an input on its outside; a screen reader looks at the inside. */
export function nameInput(holder: Element | undefined, words: Record<string, string | undefined>) {
  const inside = holder?.querySelector('input, textarea')
  for (const [name, value] of Object.entries(words)) {
    if (value) inside?.setAttribute(name, value)
    else inside?.removeAttribute(name)
  }
}
