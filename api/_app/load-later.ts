/** What `load` brings, from the first call on; after a failure the next call tries again. */
export function loadLater<Loaded>(load: () => Promise<Loaded>): () => Promise<Loaded> {
	let loading: Promise<Loaded> | undefined
	return () => {
		loading ??= load().catch(error => {
			loading = undefined
			throw error
		})
		return loading
	}
}
