import { expect, test } from 'vitest'
import { isAuthorized } from './access-key.ts'

const key = 'sk-proxy-0123456789'

test('either header will do, with the right key in it', () => {
	expect(isAuthorized({ 'x-api-key': key }, key)).toBe(true)
	expect(isAuthorized({ authorization: `bearer  ${key}` }, key)).toBe(true)
	expect(isAuthorized({ 'x-api-key': 'another', authorization: `Bearer ${key}` }, key)).toBe(true)
	expect(isAuthorized({ 'x-api-key': ` ${key} ` }, key)).toBe(true)
})

test('nothing else lets anybody in', () => {
	const wrong = [
		...['', key.slice(1), key.slice(0, -1), `${key}x`, `${key}\0`, `x${key}`, key.toUpperCase()],
		...['\0'.repeat(key.length), `${key}${'x'.repeat(600)}`, key.repeat(60)],
	]
	for (const presented of wrong) {
		expect(isAuthorized({ 'x-api-key': presented }, key), presented.slice(0, 40)).toBe(false)
		expect(isAuthorized({ authorization: `Bearer ${presented}` }, key)).toBe(false)
	}
	expect(isAuthorized({}, key)).toBe(false)
	expect(isAuthorized({ 'x-api-key': '' }, '')).toBe(false)
})

test('keys longer than any place kept for them, and such beyond ASCII, are told apart too', () => {
	for (const long of ['k'.repeat(513), 'k'.repeat(4000), '密'.repeat(300), '密钥']) {
		expect(isAuthorized({ 'x-api-key': long }, long)).toBe(true)
		expect(isAuthorized({ 'x-api-key': `${long.slice(0, -1)}x` }, long)).toBe(false)
		expect(isAuthorized({ 'x-api-key': `${long}x` }, long)).toBe(false)
	}
})

test('a comparison leaves nothing behind for the next one', () => {
	expect(isAuthorized({ 'x-api-key': `${key}-and-more` }, `${key}-and-more`)).toBe(true)
	expect(isAuthorized({ 'x-api-key': key }, key)).toBe(true)
	expect(isAuthorized({ 'x-api-key': key }, `${key}-and-more`)).toBe(false)
})
