import { timingSafeEqual } from 'node:crypto'
import type { HeaderMap } from '../../core/upstreams/contract.ts'

/** The client's key, from `x-api-key` or `Authorization: Bearer`; either will do when both are sent. */
export function presentedKeys(headers: HeaderMap): string[] {
	const { authorization = '' } = headers
	const bearer = authorization === '' ? undefined : /^Bearer\s+(.+)$/i.exec(authorization)?.[1]
	return [headers['x-api-key'], bearer].filter((key): key is string => key !== undefined && key !== '')
}

/** Whether one of the presented keys is the expected one; takes as long whatever they are. */
export function isAuthorized(headers: HeaderMap, expected: string): boolean {
	let matched = false
	for (const key of presentedKeys(headers)) matched = equals(key.trim(), expected) || matched
	return matched && expected !== ''
}

/**
 * Both are laid into buffers of one size and compared whole there, which takes as long wherever they differ and costs a
 * tenth of hashing them.
 */
function equals(presented: string, expected: string): boolean {
	const bytes = Buffer.byteLength(expected)
	const place = bytes <= smallPlace.length ? smallPlace : Buffer.allocUnsafe(bytes)
	const known = bytes <= smallPlace.length ? knownPlace(expected) : Buffer.from(expected)
	place.fill(0)
	place.write(presented)
	const same = timingSafeEqual(place, known)
	return same && Buffer.byteLength(presented) === bytes
}

/** Keys are far shorter. */
const smallPlace = Buffer.alloc(512)

/** Keys that were compared with lately: the proxy's own, which are two or three. */
const knownPlaces = new Map<string, Buffer>()
const mostPlaces = 16

function knownPlace(expected: string): Buffer {
	const known = knownPlaces.get(expected)
	if (known) return known
	const place = Buffer.alloc(smallPlace.length)
	place.write(expected)
	if (knownPlaces.size >= mostPlaces) knownPlaces.clear()
	knownPlaces.set(expected, place)
	return place
}
