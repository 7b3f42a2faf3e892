import { expect, it } from 'vitest'
import { change, share } from './words'

it('没有可除的就不说百分之几', () => {
  expect(share(3, 4)).toBe('75%')
  expect(share(0, 0)).toBe('—')
})

it('和上月比，用话说', () => {
  expect([change(5, 2), change(2, 5), change(2, 2)]).toEqual(['比上月多 3', '比上月少 3', '和上月一样'])
})
