// Figures of a month in words.

/** Parts of a hundred, said only where there is something to divide by. */
export const share = (part: number, whole: number) => (whole ? `${Math.round((part / whole) * 100)}%` : '—')

/** Against the month before: 多 3、少 2、一样. */
export function change(now: number, before: number): string {
  if (now === before) return '和上月一样'
  return now > before ? `比上月多 ${now - before}` : `比上月少 ${before - now}`
}
