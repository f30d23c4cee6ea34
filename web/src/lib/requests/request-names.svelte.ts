import { SvelteMap } from 'svelte/reactivity'
import type { Filters } from './filters.ts'
import type { RequestView } from './types.ts'

interface KnownUpstream {
	id: string
	name: string
	keys: readonly { id: string; mask: string }[]
}

export interface Option {
	value: string
	label: string
}

/** Names of upstreams and masks of keys by id, also of what is gone from the configuration; and the models seen. */
export class RequestNames {
	readonly byId = new SvelteMap<string, string>()
	#models = new SvelteMap<string, true>()
	#upstreams: readonly KnownUpstream[] = $state.raw([])

	learnRequests(rows: readonly RequestView[]): void {
		for (const { upstreamId, upstreamName, keyId, keyMask, model } of rows) {
			if (upstreamId && upstreamName) this.byId.set(upstreamId, upstreamName)
			if (keyId && keyMask) this.byId.set(keyId, keyMask)
			if (model) this.#models.set(model, true)
		}
	}

	learnUpstreams(upstreams: readonly KnownUpstream[]): void {
		this.#upstreams = upstreams
		for (const { id, name, keys } of upstreams) {
			this.byId.set(id, name)
			for (const key of keys) this.byId.set(key.id, key.mask)
		}
	}

	listUpstreams({ upstream }: Filters): Option[] {
		return this.#withChosen(
			this.#upstreams.map(({ id, name }) => ({ value: id, label: name })),
			upstream,
		)
	}

	/** Of the chosen upstream, where one is. */
	listKeys({ upstream, key }: Filters): Option[] {
		const keys = this.#upstreams
			.filter(({ id }) => upstream === undefined || upstream === id)
			.flatMap(each => each.keys)
		return this.#withChosen(
			keys.map(({ id, mask }) => ({ value: id, label: mask })),
			key,
		)
	}

	listModels({ model }: Filters): Option[] {
		const models = [...this.#models.keys()].sort()
		return this.#withChosen(
			models.map(name => ({ value: name, label: name })),
			model,
		)
	}

	/** A filter for something that is not there any more is shown all the same. */
	#withChosen(options: Option[], chosen: string | undefined): Option[] {
		if (chosen === undefined || options.some(({ value }) => value === chosen)) return options
		return [{ value: chosen, label: this.byId.get(chosen) ?? chosen }, ...options]
	}
}
