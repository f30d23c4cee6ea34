/** What stands for a secret of which nothing may be shown. */
export const hidden = '••••'

/** Whether a text begins as the keys of well-known vendors do, and is as long: names are shown and logged. */
export function beginsLikeKey(text: string): boolean {
	return /^(?:sk-|AIza|gsk_|nvapi-|xai-|ya29\.|eyJ)[\x21-\x7e]{12,}$/.test(text)
}

/** A URL as it may be shown: without password, and without keys that were pasted along as a query. */
export function redactUrl(url: string): string {
	return url
		.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, `$1${hidden}@`)
		.replace(/([?&](?:[\w-]*key|[\w-]*token|sig|signature|auth\w*)=)[^&#]*/gi, `$1${hidden}`)
}

/** The same for every URL in a JSON value, however deep: a key that was pasted along is in the history too. */
export function redactUrlsIn<Value>(value: Value): Value {
	return JSON.parse(JSON.stringify(value), (_, part) => (typeof part === 'string' ? redactUrl(part) : part))
}
