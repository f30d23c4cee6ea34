import { createContext } from 'svelte'
import { SvelteMap } from 'svelte/reactivity'
import type { Settings } from '../../../../core/config/settings.ts'
import { type Api, read } from '../api/client.ts'

export interface StoredSettings {
	/** That they were read at. */
	revision: number
	settings: Settings
}

/** The settings of the server, read once for all groups of the page, and anew when the configuration changes. */
export class SettingsStore {
	current: StoredSettings | undefined = $state.raw()
	loading = $state(true)
	error: unknown = $state.raw()
	#api: Api
	#asked = 0
	/** Groups with something typed and not saved. */
	#dirty = new SvelteMap<string, boolean>()
	readonly dirty = $derived([...this.#dirty.values()].some(Boolean))

	constructor(api: Api) {
		this.#api = api
	}

	async load(): Promise<void> {
		const asked = ++this.#asked
		this.loading = true
		try {
			const answer = await read(this.#api.settings.$get())
			if (asked !== this.#asked) return
			if (answer.revision >= (this.current?.revision ?? 0)) this.current = answer
			this.error = undefined
		} catch (error) {
			if (asked === this.#asked) this.error = error
		}
		if (asked === this.#asked) this.loading = false
	}

	setDirty(group: string, dirty: boolean): void {
		this.#dirty.set(group, dirty)
	}
}

export const [useSettings, provideSettings] = createContext<SettingsStore>()
