// The names of everything `wx` can do, from WeChat's own type declarations.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import ts from 'typescript'

const declared = createRequire(import.meta.url).resolve('miniprogram-api-typings/types/wx/lib.wx.api.d.ts')

export function knownCalls() {
  const source = ts.createSourceFile(declared, readFileSync(declared, 'utf8'), ts.ScriptTarget.Latest)
  const names = new Set()
  const look = (node) => {
    if (ts.isInterfaceDeclaration(node) && node.name.text === 'Wx') {
      for (const member of node.members) if (member.name) names.add(member.name.getText(source))
    }
    ts.forEachChild(node, look)
  }
  look(source)
  return names
}
