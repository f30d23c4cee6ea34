import { untrack } from 'svelte'

/**
 * What was chosen last, by the page or in the address bar. The address follows a page's own choice a moment later, and
 * keys may be faster: who asks what comes next asks here. Nothing is drawn by it. Only while a component begins.
 */
export function keepLatestChoice<Choice>(readAddress: () => Choice): { value: Choice } {
	const latest = { value: untrack(readAddress) }
	$effect(() => {
		latest.value = readAddress()
	})
	return latest
}
