import { expect, it } from 'vitest'
import { checkIn, isKept, keepProof, sendKept } from '@/lib/offline'
import { wire } from './uni'

it('writes a check-in down when there is no signal, and sends it with its time and voucher', async () => {
  keepProof('c', 'voucher')
  wire.answers = ['lost']
  expect(await checkIn('c', 'ABCD')).toBe('kept')
  expect(isKept('c')).toBe(true)

  wire.answers = ['lost', { status: 200 }]
  await sendKept('c')
  expect(isKept('c')).toBe(true)
  await sendKept('c')
  expect(isKept('c')).toBe(false)
  expect(wire.sent.at(-1)!.data).toMatchObject({ code: 'ABCD', proof: 'voucher', taken_at: expect.any(String) })
})

it('does not keep what the server refused', async () => {
  keepProof('d', 'voucher')
  wire.answers = [{ status: 422, body: { code: 'check_in.wrong_code', detail: '签到码不对' } }]
  await expect(checkIn('d', 'ABCD')).rejects.toMatchObject({ detail: '签到码不对' })
  expect(isKept('d')).toBe(false)
})
