import { loadI18n } from '../lib/i18n/i18n.svelte.ts'

/** The admin is a static app: what it shows comes from the proxy's HTTP API. */
export const ssr = false

export async function load() {
	return { i18n: await loadI18n() }
}
