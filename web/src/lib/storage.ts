/** localStorage where there is one: private windows and strict settings make every access throw. */
export function readStored(key: string): string | null {
	try {
		return localStorage.getItem(key)
	} catch {
		return null
	}
}

export function writeStored(key: string, value: string): void {
	try {
		localStorage.setItem(key, value)
	} catch {
		// The choice then lasts as long as the page.
	}
}
