// Files behind the sign-in, handed to the browser as a download or as a page of their own.

export function saveFile(file: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  window.setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

export function openPage(file: Blob): void {
  const address = URL.createObjectURL(file)
  window.open(address, '_blank', 'noopener')
  window.setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
