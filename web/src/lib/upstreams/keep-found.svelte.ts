interface Lookup<Item> {
	key: string
	found: Item | undefined
}

/** What is looked for by a key, or what was last found by the same key. */
export function keepFound<Item>(look: () => Lookup<Item>): { readonly current: Item | undefined } {
	let last: Lookup<Item> | undefined
	const current = $derived.by(() => {
		const { key, found } = look()
		if (found !== undefined) last = { key, found }
		return found ?? (last?.key === key ? last.found : undefined)
	})
	return {
		get current() {
			return current
		},
	}
}
