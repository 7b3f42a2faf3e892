import { expect, it } from 'vitest'
import { posterOf, sceneOf } from '@/lib/poster'

const task = '01a20afa-770b-7009-8d6a-50e8cef701b0'

it('reads the plain code of a poster', () => {
  expect(posterOf(`linli:check-in:${task}:K7Q2M9XP`)).toEqual({ task, code: 'K7Q2M9XP' })
})

it("reads WeChat's code, where the id is packed", () => {
  expect(sceneOf('AaIK-ncLcAmNalDozvcBsAK7Q2M9XP')).toEqual({ task, code: 'K7Q2M9XP' })
})

it('takes nothing else for a poster', () => {
  expect(posterOf('https://example.cn/pay?x=1')).toBeUndefined()
  expect(sceneOf('share')).toBeUndefined()
  expect(sceneOf(undefined)).toBeUndefined()
})
