/** Hands a text to the person: as a download in the browser, as a file to share in WeChat. */
export function saveText(name: string, words: string) {
  // #ifdef H5
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([words], { type: 'application/json' }))
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
  // #endif
  // #ifdef MP-WEIXIN
  const filePath = `${wx.env.USER_DATA_PATH}/${name}`
  wx.getFileSystemManager().writeFile({
    filePath,
    data: words,
    encoding: 'utf8',
    success: () => wx.shareFileMessage({ filePath, fileName: name }),
  })
  // #endif
}
