import { type Api, read } from '../api/client.ts'
import type { SetupFacts } from './findings.ts'

/** What the server says of itself; read again when somebody has changed something. */
export class SetupLoader {
	facts: SetupFacts | undefined = $state.raw()
	error: unknown = $state.raw()
	asking = $state(false)
	#api: Api

	constructor(api: Api) {
		this.#api = api
	}

	async load(): Promise<void> {
		if (this.asking) return
		this.asking = true
		try {
			this.facts = await read(this.#api.setup.$get())
			this.error = undefined
		} catch (error) {
			this.error = error
		}
		this.asking = false
	}
}
