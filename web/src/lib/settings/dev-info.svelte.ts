import { createContext } from 'svelte'
import { type AdminFetch, backendUrl } from '../api/client.ts'

/** What of `GET /admin/dev/info` is shown; a server in production has no such route. */
export interface DevInfo {
	database: { kind: string; label: string; ok: boolean }
	environment: Record<string, string | number | boolean>
}

export class DevInfoReader {
	current: DevInfo | undefined = $state.raw()
	failed = $state(false)
	#asked = false

	/** Once. */
	async load(send: AdminFetch): Promise<void> {
		if (this.#asked) return
		this.#asked = true
		try {
			const response = await send(`${backendUrl}/admin/dev/info`)
			this.current = (await response.json()) as DevInfo
		} catch {
			// Everything else of the page is known: the table says that this is not.
			this.failed = true
		}
	}
}

export const [useDevInfo, provideDevInfo] = createContext<DevInfoReader>()
