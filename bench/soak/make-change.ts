import type { Outcome } from './ledger.ts'
import { accessKey, type Place } from './places.ts'

const inDoubt = /may have been made/

/** Whoever serves at the moment: any of the instances. */
function pickInstance({ instances }: Place) {
	const instance = instances[Math.floor(Math.random() * instances.length)]
	if (instance === undefined) throw new Error('there is no instance')
	return instance
}

export async function callApi(
	place: Place,
	[method, path, body]: readonly [method: string, path: string, body?: unknown],
	message?: string,
): Promise<{ status: number; text: string }> {
	const response = await fetch(pickInstance(place).url + path, {
		method,
		headers: {
			authorization: `Bearer ${accessKey}`,
			...(body !== undefined && { 'content-type': 'application/json' }),
			...(message !== undefined && { 'x-change-message': encodeURIComponent(message) }),
		},
		...(body !== undefined && { body: JSON.stringify(body) }),
	})
	return { status: response.status, text: await response.text() }
}

export async function changeByApi(
	place: Place,
	call: readonly [method: string, path: string, body?: unknown],
	message: string,
): Promise<Outcome> {
	const { status, text } = await callApi(place, call, message)
	if (status < 300) return { kind: 'accepted', revision: (JSON.parse(text) as { revision: number }).revision }
	if (inDoubt.test(text)) return { kind: 'unknown' }
	return { kind: 'refused', why: `${status} ${text}` }
}

export async function changeByCli(
	place: Place,
	{ argv, input }: { argv: readonly string[]; input?: string },
	message: string,
): Promise<Outcome> {
	const ended = await place.cli([...argv, '--message', message, '--json'], input)
	if (ended.code === 0) {
		const { data } = JSON.parse(ended.stdout) as { data: { revision: number } }
		return { kind: 'accepted', revision: data.revision }
	}
	// Made, and the database went away before it could be shown.
	const made = /"made":true,"revision":(\d+)/.exec(ended.stdout)
	if (made) return { kind: 'accepted', revision: Number(made[1]) }
	if (inDoubt.test(ended.stdout + ended.stderr)) return { kind: 'unknown' }
	return { kind: 'refused', why: `${ended.code} ${ended.stdout}${ended.stderr}` }
}
