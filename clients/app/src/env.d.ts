// The two calls of WeChat that uni has no name of its own for.
declare const wx: {
  env: { USER_DATA_PATH: string }
  getFileSystemManager(): { writeFile(what: { filePath: string; data: string; encoding: string; success: () => void }): void }
  shareFileMessage(what: { filePath: string; fileName: string }): void
}
