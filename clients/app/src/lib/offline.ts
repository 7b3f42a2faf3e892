import { post } from '@/api/client'
import { Problem } from '@/api/problem'
import type { Claim } from '@/api/types'

type CheckIn = { code: string; taken_at: string; proof: string }
const proofOf = (claim: string) => `linli.proof.${claim}`
const keptOf = (claim: string) => `linli.check-in.${claim}`

/** The server's voucher, kept while there is signal, for a place that has none. */
export const keepProof = (claim: string, proof: string) => uni.setStorageSync(proofOf(claim), proof)

/** Checks in; without signal it is written down with its time and sent by `sendKept` later. */
export async function checkIn(claim: string, code: string): Promise<Claim | 'kept'> {
  try {
    return await post<Claim>(`/claims/${claim}/check-in`, { code })
  } catch (error) {
    const proof = uni.getStorageSync(proofOf(claim))
    if (!(error instanceof Problem && error.lost) || !proof) throw error
    uni.setStorageSync(keptOf(claim), { code, taken_at: new Date().toISOString(), proof } satisfies CheckIn)
    return 'kept'
  }
}

export const isKept = (claim: string) => Boolean(uni.getStorageSync(keptOf(claim)))

export async function sendKept(claim: string): Promise<void> {
  const kept: CheckIn | '' = uni.getStorageSync(keptOf(claim))
  if (!kept) return
  try {
    await post(`/claims/${claim}/check-in`, kept)
  } catch (error) {
    if (error instanceof Problem && error.lost) return
    uni.removeStorageSync(keptOf(claim))
    throw error
  }
  uni.removeStorageSync(keptOf(claim))
}
