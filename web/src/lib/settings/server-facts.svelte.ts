import { createContext } from 'svelte'
import { type Api, read } from '../api/client.ts'
import type { SetupFacts } from '../setup/findings.ts'

/** What the server says of its database: where it is, of which schema, how large. */
export class ServerFacts {
	database: SetupFacts['database'] | undefined = $state.raw()
	#api: Api

	constructor(api: Api) {
		this.#api = api
	}

	/** Everything else of the page is known without it: what failed is read as not told. */
	async load(): Promise<void> {
		this.database = await read(this.#api.setup.$get()).then(
			({ database }) => database,
			() => undefined,
		)
	}
}

export const [useServerFacts, provideServerFacts] = createContext<ServerFacts>()
