import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { readEnvironment } from '../../../core/config/environment.ts'
import { isOwnOrigin, normalizeAddress } from './client-address.ts'
import type { AdminEnv } from './router.ts'

test.each([
	['192.0.2.1', '192.0.2.1'],
	['::ffff:192.0.2.1', '192.0.2.1'],
	['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
	['2001:0DB8:0001::1', '2001:db8:1:0::/64'],
	['2001:db8::', '2001:db8:0:0::/64'],
	['::1', '0:0:0:0::/64'],
	['fe80::1%eth0', 'fe80:0:0:0::/64'],
	['', 'unknown'],
	['10.0.0.1; DROP TABLE', 'unknown'],
	['localhost', 'unknown'],
])('%s counts as %s', (text, expected) => {
	expect(normalizeAddress(text)).toBe(expected)
})

/** What isOwnOrigin says of a request to a host. */
async function judge(host: string, origin: string, more: { forwarded?: string; trust?: boolean } = {}) {
	const read = readEnvironment({ TRUST_PROXY: String(more.trust ?? false) })
	if (!read.ok) throw new Error(read.problems.join())
	const app = new Hono<AdminEnv>()
	app.get('/', context => context.json(isOwnOrigin(context, origin, read.environment)))
	const headers = { host, ...(more.forwarded !== undefined && { 'x-forwarded-host': more.forwarded }) }
	return (await app.request('/', { headers })).json()
}

test.each([
	['proxy.example', 'https://proxy.example', true],
	['proxy.example', 'http://proxy.example', true],
	['proxy.example:443', 'https://proxy.example', true],
	['PROXY.example', 'https://proxy.example', true],
	['proxy.example:3000', 'http://proxy.example:3000', true],
	['proxy.example:3000', 'http://proxy.example:3001', false],
	['proxy.example:3000', 'http://proxy.example', false],
	['proxy.example', 'https://proxy.example.evil.example', false],
	['proxy.example', 'https://evil-proxy.example', false],
	['proxy.example', 'https://proxy.example/', false],
	['proxy.example', 'null', false],
	['proxy.example', '', false],
])('a request to %s from a page of %s: own is %s', async (host, origin, own) => {
	expect(await judge(host, origin)).toBe(own)
})

test('the host that a proxy in front was asked for counts when it is trusted', async () => {
	const forwarded = 'proxy.example'
	expect(await judge('10.0.0.1:3000', 'https://proxy.example', { forwarded, trust: true })).toBe(true)
	expect(await judge('10.0.0.1:3000', 'https://proxy.example', { forwarded })).toBe(false)
})
