// News of an org over one socket: what changed and its id, nothing of what it says. Whoever shows it reads it again.

export interface News {
  kind: 'task.changed' | 'request.changed' | 'story.published'
  id: string
}

/** As much of a browser's socket as a line needs. */
export interface Wire {
  onopen: (() => void) | null
  onmessage: ((event: { data: unknown }) => void) | null
  onclose: ((event: { code: number }) => void) | null
  close(): void
}

interface Outside {
  /** The address of the org one looks at now; none: nobody is signed in. */
  address(): string | null
  /** A token that is good now; `anew` after the last one was refused. */
  token(anew: boolean): Promise<string>
  dial(address: string, protocols: string[]): Wire
  chance(): number
}

/** What a newer server says, and we do not know yet, is passed over. */
function read(data: unknown): News | null {
  try {
    const said = JSON.parse(String(data))
    return said && typeof said.kind === 'string' && typeof said.id === 'string' ? said : null
  } catch {
    return null
  }
}

/** The server asks us to sign in anew. */
const RELOGIN = 4401
const LONGEST = 60_000

/** One socket for all pages that listen. It comes again by itself, each time a little later, never all at once. */
export class Line {
  private ears = new Set<(news: News) => void>()
  private wire: Wire | null = null
  private timer: ReturnType<typeof setTimeout> | undefined
  private failed = 0
  private turn = 0
  private resting = false
  /** Whether news come now. */
  open = false

  constructor(private outside: Outside) {}

  listen(hear: (news: News) => void): () => void {
    this.ears.add(hear)
    if (this.ears.size === 1 && !this.resting) this.connect()
    return () => {
      this.ears.delete(hear)
      if (!this.ears.size) this.hangUp()
    }
  }

  /** The org is another one now. */
  again(): void {
    this.hangUp()
    if (this.ears.size && !this.resting) this.connect()
  }

  /** Nobody looks: the line is given back. Whoever looks again has it at once, and reads what they missed by themselves. */
  rest(resting: boolean): void {
    if (resting === this.resting) return
    this.resting = resting
    this.again()
  }

  private hangUp(): void {
    this.turn += 1
    this.failed = 0
    this.open = false
    clearTimeout(this.timer)
    this.wire?.close()
    this.wire = null
  }

  private async connect(anew = false): Promise<void> {
    const mine = ++this.turn
    const address = this.outside.address()
    if (!address) return
    const token = await this.outside.token(anew).catch(() => '')
    if (mine !== this.turn) return
    if (!token) return this.later(false)
    const wire = this.outside.dial(address, ['linli', `bearer.${token}`])
    this.wire = wire
    wire.onopen = () => (this.open = true)
    wire.onmessage = ({ data }) => {
      // Only a line that says something is a good one: who is sent away at once comes again ever later.
      this.failed = 0
      const news = read(data)
      if (news) for (const hear of this.ears) hear(news)
    }
    wire.onclose = ({ code }) => {
      if (mine !== this.turn) return
      this.open = false
      this.later(code === RELOGIN)
    }
  }

  private later(anew: boolean): void {
    const wait = Math.min(LONGEST, 1000 * 2 ** this.failed) * (0.5 + this.outside.chance() / 2)
    this.failed += 1
    this.timer = setTimeout(() => this.connect(anew), wait)
  }
}
