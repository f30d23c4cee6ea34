/** Beginnings of well-known keys that may be shown whole, longest first. */
const knownPrefixes = ['sk-ant-api03-', 'sk-or-v1-', 'sk-proj-', 'sk-ant-', 'nvapi-', 'AIza', 'gsk_', 'sk-']

/** A key as it may be shown and logged: `sk-ant-…9f2a`; nothing of keys shorter than 16 characters. */
export function maskKey(secret: string): string {
	if (secret.length < 16) return '••••'
	const prefix = knownPrefixes.find(known => secret.startsWith(known)) ?? secret.slice(0, 4)
	const start = prefix.length + 8 <= secret.length ? prefix : secret.slice(0, 4)
	return `${start}…${secret.slice(-4)}`
}

const inJson = (text: string) => JSON.stringify(text).slice(1, -1)

/** How a text may be written where it is quoted: as it is, in JSON (whose slashes some escape), in JSON within JSON. */
const quotations: readonly ((text: string) => string)[] = [
	text => text,
	inJson,
	text => inJson(text).replaceAll('/', '\\/'),
	text => inJson(inJson(text)),
]

/** A secret in each way in which a text may quote it, with what is shown instead. */
export function writeQuoted(secret: string): Map<string, string> {
	const mask = maskKey(secret)
	return new Map([
		[encodeURIComponent(secret), mask],
		...quotations.map((quote): [string, string] => [quote(secret), quote(mask)]),
	])
}

/** Replaces a key wherever a text quotes it. */
export function maskInText(text: string, secret: string): string {
	if (secret === '') return text
	let masked = text
	for (const [written, shown] of writeQuoted(secret)) masked = masked.replaceAll(written, shown)
	return masked
}

/** The same in a JSON value, names of members included. */
export function maskInJson(json: unknown, secret: string): unknown {
	if (json === undefined || secret === '') return json
	const text = JSON.stringify(json)
	const masked = maskInText(text, secret)
	return masked === text ? json : JSON.parse(masked)
}
