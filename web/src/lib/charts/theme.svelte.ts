import { createSubscriber } from 'svelte/reactivity'

let version = 0

const subscribe = createSubscriber(update => {
	const change = () => {
		version++
		update()
	}
	const observer = new MutationObserver(change)
	observer.observe(document.documentElement, { attributeFilter: ['data-theme', 'data-density'] })
	const dark = matchMedia('(prefers-color-scheme: dark)')
	dark.addEventListener('change', change)
	return () => {
		observer.disconnect()
		dark.removeEventListener('change', change)
	}
})

/** Another number after each change of theme: what is painted on a canvas has to be painted anew. */
export function themeVersion(): number {
	subscribe()
	return version
}
