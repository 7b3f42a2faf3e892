// What larger type must leave whole: no page that scrolls sideways, no words cut off or written over their neighbours.

/** Words for each fault on the page as it stands. */
export const cutFaults = (page) =>
  page.evaluate(() => {
    const wide = document.documentElement.scrollWidth - window.innerWidth
    const said = (one) => one.textContent.replace(/\s+/g, ' ').trim().slice(0, 16)
    const ownWords = (one) => [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())
    const seen = (one) => one.checkVisibility() && !one.closest('.away, svg, select, [aria-hidden="true"]')
    const words = [...document.body.querySelectorAll('*')].filter((one) => seen(one) && ownWords(one))
    const spans = (one) => {
      const range = document.createRange()
      range.selectNodeContents(one)
      return [...range.getClientRects()]
    }
    /** What hides that it is there: not what lets one scroll to it. */
    const hides = (one, axis) => /hidden|clip/.test(getComputedStyle(one)[`overflow${axis}`])
    const faults = []
    for (const one of words) {
      for (const box of spans(one))
        for (let around = one; around && around !== document.body; around = around.parentElement) {
          const edge = around.getBoundingClientRect()
          if (edge.width <= 1 || getComputedStyle(around).position === 'fixed') break
          const over = [
            ['X', Math.max(edge.left - box.left, box.right - edge.right)],
            ['Y', Math.max(edge.top - box.top, box.bottom - edge.bottom) - box.height / 4],
          ]
          const cut = over.find(([axis, by]) => by > 1.5 && (hides(around, axis) || around.matches('button, .el-tag')))
          if (cut) faults.push(`切了 ${Math.round(cut[1])}：${said(one)}（${around.className || around.tagName}）`)
        }
    }
    const tops = words.flatMap((one) => spans(one).map((box) => ({ one, box })))
    for (let i = 0; i < tops.length; i += 1)
      for (let j = i + 1; j < tops.length; j += 1) {
        const [a, b] = [tops[i], tops[j]]
        if (a.one === b.one || a.one.contains(b.one) || b.one.contains(a.one)) continue
        if (a.one.closest('header, .skip') || b.one.closest('header, .skip')) continue
        const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left)
        const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top)
        if (across > 2 && down > Math.min(a.box.height, b.box.height) / 3)
          faults.push(`叠在一起：${said(a.one)} 和 ${said(b.one)}`)
      }
    return [...(wide > 1 ? [`横向多出 ${wide}`] : []), ...new Set(faults)]
  })
