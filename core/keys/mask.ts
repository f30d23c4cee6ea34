/** Beginnings of well-known keys that may be shown whole, longest first. */
const knownPrefixes = ['sk-ant-api03-', 'sk-or-v1-', 'sk-proj-', 'sk-ant-', 'nvapi-', 'AIza', 'gsk_', 'sk-']

/** A key as it may be shown and logged: `sk-ant-…9f2a`; nothing of keys shorter than 16 characters. */
export function maskKey(secret: string): string {
	if (secret.length < 16) return '••••'
	const prefix = knownPrefixes.find(known => secret.startsWith(known)) ?? secret.slice(0, 4)
	const start = prefix.length + 8 <= secret.length ? prefix : secret.slice(0, 4)
	return `${start}…${secret.slice(-4)}`
}

/** Replaces a key wherever a text quotes it. */
export function maskInText(text: string, secret: string): string {
	return secret === '' ? text : text.replaceAll(secret, maskKey(secret))
}
