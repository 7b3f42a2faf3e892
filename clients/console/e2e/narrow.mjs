// What a phone, or text at 200 %, must still be able to do: nothing cut off sideways, every target big enough for a thumb.

/** Words for each fault on the page as it stands at 390 pixels. */
export async function narrowFaults(page) {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.waitForTimeout(150)
  const found = await page.evaluate(() => {
    const wide = document.documentElement.scrollWidth - window.innerWidth
    const seen = (one) => one.checkVisibility() && one.getClientRects().length > 0
    const inText = (one) => one.matches('p a, dd a, h2 a, td a, .row a')
    const small = [
      ...document.querySelectorAll(
        'main button, header button, main a, main .el-radio-button, main .el-checkbox, main label input',
      ),
    ]
      .filter((one) => seen(one) && !inText(one))
      .map((one) => ({
        one,
        height: Math.max(one.getBoundingClientRect().height, one.closest('label')?.getBoundingClientRect().height ?? 0),
      }))
      .filter(({ height }) => height > 1 && height < 43.5)
      .map(
        ({ one, height }) =>
          `${one.className || one.tagName} ${one.textContent.trim().slice(0, 12)} 只有 ${Math.round(height)} 高`,
      )
    return [...(wide > 1 ? [`横向多出 ${wide}`] : []), ...new Set(small)]
  })
  await page.setViewportSize({ width: 1280, height: 800 })
  return found
}
