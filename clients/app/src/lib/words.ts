/** `{a: 1, b: undefined}` → `?a=1`: what is not set is not asked for. */
export function query(values: Record<string, string | number | boolean | null | undefined>): string {
  const pairs = Object.entries(values)
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
  return pairs.length ? `?${pairs.join('&')}` : ''
}

export function distance(metres: number): string {
  return metres < 1000 ? `约 ${Math.max(100, Math.round(metres / 100) * 100)} 米` : `约 ${(metres / 1000).toFixed(1)} 公里`
}

/** The first words of a name on a round badge: 李建国 → 建国. */
export const badge = (name: string) => (name.length > 2 ? name.slice(-2) : name)
