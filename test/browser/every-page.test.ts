import { globSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { projectRoot } from '../../scripts/lib/layout.ts'
import { fillDatabase } from '../../scripts/shots/data.ts'
import { madeUpKey } from '../../scripts/shots/made-up-key.ts'
import { call, hello } from '../support/call.ts'
import { accessKey } from '../support/proxy.ts'
import { type ScriptedUpstream, startAnthropicUpstream } from '../support/upstreams/index.ts'
import { useAdmin } from './support/admin.ts'
import { findBarriers, findExcess, findShifts } from './support/checks.ts'
import { settle, type Traffic, watchTraffic } from './support/traffic.ts'

const admin = useAdmin()
const planted = {
	refused: 'sk-ant-NEVERSHOWN-refused-0a1b2c3d4e',
	used: 'sk-ant-NEVERSHOWN-used-5f6a7b8c9d',
	header: 'header-NEVERSHOWN-11223344',
}
const secrets = [
	...Object.values(planted),
	accessKey,
	'an encryption key',
	madeUpKey('sk-', 1),
	'hook-NEVERSHOWN',
]
let upstream: ScriptedUpstream
/** Every address there is, with those at which it is looked at. */
let routes: Record<string, string[]>

/** A database as after weeks of use, with a recorded request whose upstream quoted a key. */
beforeAll(async () => {
	upstream = await startAnthropicUpstream({ keys: [planted.used, planted.refused] })
	upstream.keyFaults.set(planted.refused, {
		...{ status: 401, headers: {} },
		body: { type: 'error', error: { type: 'authentication_error', message: `${planted.refused} is wrong` } },
	})
	await fillDatabase(admin.proxy)
	const { repository, services } = admin.proxy
	await repository.changeSettings({ recording: { mode: 'all', maxKb: 256, days: 3 } }, { author: 'web' })
	const hook = {
		name: 'chat',
		url: 'http://127.0.0.1:9/hook-NEVERSHOWN',
		events: ['key-demoted' as const],
		enabled: false,
	}
	secrets.push((await services.observation.webhooks.add(hook)).secret)
	const name = `a-name-without-any-place-to-break-it-${'x'.repeat(27)}`
	const id = await admin.proxy.use(
		{ name, type: 'claude', baseUrl: upstream.url, extraHeaders: { 'x-team': planted.header } },
		[planted.refused, planted.used],
	)
	const { headers } = await call(admin.proxy, { ...hello, model: 'claude-opus-5-5' })
	await services.flush()
	await services.config.refresh()
	routes = listRoutes(id, headers.get('request-id') ?? '')
})
afterAll(() => upstream.close())

const listRoutes = (upstreamId: string, requestId: string): Record<string, string[]> => ({
	'': ['/', `/?view=list&keys=${upstreamId}`],
	'/upstreams/new': ['/upstreams/new'],
	'/upstreams/[id]': ['basic', 'keys', 'models', 'advanced', 'activity'].map(
		tab => `/upstreams/${upstreamId}?tab=${tab}`,
	),
	'/activity': ['/activity'],
	'/requests': ['/requests', `/requests?open=${requestId}&tab=attempts`],
	'/requests/[id]': [`/requests/${requestId}`, `/requests/${requestId}?tab=payloads`],
	'/playground': ['/playground'],
	'/history': ['/history', '/history?open=1&against=current'],
	'/settings': ['/settings'],
	'/connect': ['/connect'],
	'/setup': ['/setup?step=connect'],
	'/login': ['/login'],
	'/dev/components': ['/dev/components'],
})

it('knows every page', () => {
	const folder = join(projectRoot, 'web/src/routes')
	const files = globSync('**/+page.svelte', { cwd: folder })
	// Folders in brackets are no part of the address.
	const found = files.map(file => `/${file}`.replace(/\/\([^/]*\)/g, '').replace(/\/\+page\.svelte$/, ''))
	expect(Object.keys(routes).sort()).toEqual(found.sort())
})

type Locale = 'en' | 'zh-CN' | 'en-XA'

/**
 * Goes to every address, signed in where that is needed, and tells what `look` finds there. What a page logs as an
 * error, such as a breach of its content security policy, fails the test too.
 */
async function visit(locale: Locale, look: (page: Page, traffic: Traffic) => Promise<string[]>) {
	const signedIn = await admin.open('/nowhere', { locale })
	const stranger = await admin.open('/login', { locale, signedOut: true, expected: [/status of 401/] })
	const found: string[] = []
	for (const path of ['/nowhere', ...Object.values(routes).flat()]) {
		const page = path === '/login' ? stranger : signedIn
		const traffic = watchTraffic(page)
		await page.setViewportSize({ width: 1280, height: 800 })
		await page.goto(`${admin.proxy.url}${path}`)
		await page.locator('h1').first().waitFor()
		await settle(page, traffic)
		found.push(...(await look(page, traffic)).map(problem => `${path} ${problem}`))
		traffic.end()
	}
	return found
}

/** Where a key is that nobody should see: in the page, in what it keeps, in an answer. */
async function findLeaks(page: Page, traffic: Traffic): Promise<string[]> {
	const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))
	const fields = await page
		.locator('input, textarea')
		.evaluateAll(all => all.map(field => (field as HTMLInputElement).value).join('\n'))
	const places = [
		{ url: 'the page', text: await page.content() },
		{ url: 'its fields', text: fields },
		{ url: 'its storage', text: kept },
		...(await traffic.bodies()),
	]
	return places.flatMap(({ url, text }) =>
		secrets.filter(secret => text.includes(secret)).map(secret => `${secret} in ${url}`),
	)
}

it.each(['en', 'zh-CN'] as const)(
	'has no serious barrier in either theme, fits every width, stays in place, and shows no key, on all pages in %s',
	async locale => {
		const found = await visit(locale, async (page, traffic) => [
			...(await findShifts(page)),
			...(await findLeaks(page, traffic)),
			...(await findBarriers(page)),
			...(await findExcess(page)),
		])
		expect(found).toEqual([])
	},
	// Some sixty looks at the page take their time where other work is done beside.
	900_000,
)

it('fits every width on all pages, however long the words are', async () => {
	expect(await visit('en-XA', page => findExcess(page))).toEqual([])
}, 600_000)
