// A tap keeps its Idempotency-Key until the server has said yes or no: when the network is lost, trying again is the same tap.

const open = new Map<string, string>()

export function keyFor(tap: string): string {
  const kept = open.get(tap)
  if (kept) return kept
  const fresh = crypto.randomUUID()
  open.set(tap, fresh)
  return fresh
}

/** No answer, a stumbling server and "too many" all leave it open whether the tap was done. */
export function isSettled(status: number): boolean {
  return status < 500 && status !== 429 && status !== 408
}

export function settle(tap: string): void {
  open.delete(tap)
}
