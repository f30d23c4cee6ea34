import { createHash, timingSafeEqual } from 'node:crypto'
import type { HeaderMap } from '../../core/upstreams/contract.ts'

/** The client's key, from `x-api-key` or `Authorization: Bearer`; either will do when both are sent. */
export function presentedKeys(headers: HeaderMap): string[] {
	const bearer = /^Bearer\s+(.+)$/i.exec(headers.authorization ?? '')?.[1]
	return [headers['x-api-key'], bearer].filter((key): key is string => key !== undefined && key !== '')
}

/** Whether one of the presented keys is the expected one; takes as long whatever they are. */
export function isAuthorized(headers: HeaderMap, expected: string): boolean {
	let matched = false
	for (const key of presentedKeys(headers)) matched = equals(key.trim(), expected) || matched
	return matched && expected !== ''
}

function equals(presented: string, expected: string): boolean {
	return timingSafeEqual(digest(presented), digest(expected))
}

const digest = (text: string) => createHash('sha256').update(text).digest()
