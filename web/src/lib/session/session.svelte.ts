import { createContext } from 'svelte'
import { ApiError } from '../api/api-error.ts'
import { type AdminFetch, type Api, createAdminFetch, createApi, read } from '../api/client.ts'

/**
 * `unknown`: not asked yet. `out`: nobody has signed in. `expired`: somebody had, and what they typed is still on the
 * page, so they sign in over it instead of being sent away.
 */
export type SessionState = 'unknown' | 'in' | 'out' | 'expired'

/** Who is signed in, and the API as they may call it. */
export class Session {
	state: SessionState = $state('unknown')
	/** Of the server. */
	version: string | undefined = $state()
	mode: string | undefined = $state()
	/** Why it could not be asked. */
	error: unknown = $state.raw()

	readonly fetch: AdminFetch
	readonly api: Api

	constructor() {
		this.fetch = createAdminFetch({ onunauthorized: () => this.#lose() })
		this.api = createApi(this.fetch)
	}

	async check(): Promise<void> {
		try {
			const { version, mode } = await read(this.api.session.$get())
			this.version = version
			this.mode = mode
			this.error = undefined
			this.state = 'in'
		} catch (error) {
			if (!(error instanceof ApiError && error.status === 401)) this.error = error
		}
	}

	/** Throws an ApiError: `unauthorized` for a wrong key, `too-many-attempts` with the time to wait. */
	async signIn(key: string, remember: boolean): Promise<void> {
		await read(this.api.session.$post({ json: { key, remember } }))
		this.error = undefined
		this.state = 'in'
	}

	async signOut(): Promise<void> {
		await this.api.session.$delete()
		this.state = 'out'
	}

	#lose(): void {
		this.state = this.state === 'in' || this.state === 'expired' ? 'expired' : 'out'
	}
}

export const [useSession, provideSession] = createContext<Session>()
