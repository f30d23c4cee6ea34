/** Sends JSON and reads the answer, JSON or not. */
export async function postJson(url: string, body: unknown, headers: Record<string, string>) {
	const response = await fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json', ...headers },
		body: typeof body === 'string' ? body : JSON.stringify(body),
	})
	const text = await response.text()
	return { status: response.status, headers: response.headers, text, json: parse(text) }
}

function parse(text: string) {
	try {
		return JSON.parse(text)
	} catch {
		return undefined
	}
}
