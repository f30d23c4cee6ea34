import type { Page, Route } from 'playwright-core'
import type { ShotPage } from './pages.ts'
import { answerPlayground, events, runPlayground } from './playground.ts'

const json = (route: Route, status: number, code: string, message: string) =>
	route.fulfill({
		status,
		json: { type: 'error', error: { type: 'api_error', code, message }, request_id: 'req_5eed0badca5e' },
	})

/** Waits for ever: what a page shows before its first answer. */
const hold = async (page: Page, what: string) => {
	await page.route(what, () => new Promise(() => undefined))
	await page.goto(page.url(), { waitUntil: 'commit' })
	await page.locator('h1').first().waitFor()
}

const openTab = async (page: Page, path: string, tab: string) => {
	await page.goto(new URL(path, page.url()).href)
	const href = await page.locator('main a[href^="/requests/req_"]').first().getAttribute('href')
	await page.goto(new URL(`${href}?tab=${tab}`, page.url()).href)
	await page.getByRole('heading', { level: 1 }).waitFor()
	await page.waitForLoadState('networkidle')
}

async function startReplay(page: Page): Promise<void> {
	await openTab(page, '/requests', 'replay')
	await page.getByRole('button', { name: /^(Send again|再发一次)$/ }).click()
}

/** One that came in since the page was opened. */
async function letArrive(page: Page): Promise<void> {
	const { requests } = await (
		await page.request.get(new URL('/api/requests?limit=1', page.url()).href)
	).json()
	await page.route('**/api/requests?*', route =>
		route.request().url().includes('after=')
			? route.fulfill({ json: { requests: [{ ...requests[0], id: 'req_new' }], next: null } })
			: route.continue(),
	)
	await page.locator('a[href="/requests/req_new"]').waitFor({ timeout: 12_000 })
}

/** States of pages that do not come by themselves. */
export const states: readonly ShotPage[] = [
	{ name: 'requests-none-found', path: '/requests?text=no+such+thing&outcome=failed' },
	{ name: 'requests-loading', path: '/requests', prepare: page => hold(page, '**/api/requests?*') },
	{
		name: 'requests-error',
		path: '/requests',
		prepare: async page => {
			await page.route('**/api/requests?*', route => json(route, 503, 'database-unavailable', 'SQLITE_BUSY'))
			await page.reload()
			await page.getByText('req_5eed0badca5e').waitFor()
		},
	},
	{
		name: 'requests-columns',
		path: '/requests',
		prepare: async page => {
			await page.getByRole('button', { name: /^(Columns|列)$/ }).click()
			await page.getByRole('menu').waitFor()
		},
	},
	...(['summary', 'attempts', 'payloads'] as const).map(
		(tab): ShotPage => ({
			name: `request-failed-${tab}`,
			path: '/requests',
			prepare: page => openTab(page, '/requests?outcome=failed&retried=true', tab),
		}),
	),
	{
		name: 'request-events',
		path: '/requests',
		prepare: async page => {
			await openTab(page, '/requests', 'payloads')
			for (const place of [0, 1])
				await page
					.getByRole('radio', { name: /^(Events|事件)$/ })
					.nth(place)
					.check({ force: true })
			await page.getByRole('slider').first().fill('3')
		},
	},
	{
		name: 'request-replay-running',
		path: '/requests',
		prepare: async page => {
			await page.route('**/replay', () => new Promise(() => undefined))
			await startReplay(page)
		},
	},
	{
		name: 'request-replay-done',
		path: '/requests',
		prepare: async page => {
			await page.route('**/replay', route =>
				route.fulfill({
					body: events.map(event => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''),
					headers: { 'content-type': 'text/event-stream', 'x-claude-proxy-request-id': 'req_again' },
				}),
			)
			await startReplay(page)
			await page.locator('a[href^="/requests/req_again"]').waitFor()
		},
	},
	{
		name: 'playground-running',
		path: '/playground',
		prepare: async page => {
			await page.route('**/api/playground', () => new Promise(() => undefined))
			await page.getByRole('button', { name: /^(Run|运行)$/ }).click()
		},
	},
	{
		name: 'playground-events',
		path: '/playground',
		prepare: async page => {
			await runPlayground(page)
			await page.getByRole('tab', { name: /^(Events|事件)/ }).click()
			await page.getByRole('slider').waitFor()
		},
	},
	{
		name: 'playground-problems',
		path: '/playground',
		prepare: async page => {
			await page.locator('main details summary').last().click()
			await page.locator('main textarea').last().fill('[{ "name": ')
			await page.locator('main input[inputmode="numeric"]').first().fill('many')
		},
	},
	{ name: 'connect-waiting', path: '/connect', empty: true },
	{ name: 'connect-arrived', path: '/connect?client=curl', prepare: letArrive },
	{
		name: 'connect-tested',
		path: '/connect?client=vscode',
		prepare: async page => {
			await answerPlayground(page)
			await page.getByRole('button', { name: /^(Send a test request|发送测试请求)$/ }).click()
			await page.getByText(/get_weather/).waitFor()
		},
	},
	{ name: 'settings-loading', path: '/settings', prepare: page => hold(page, '**/api/settings') },
	{
		name: 'settings-delete-logs',
		path: '/settings',
		prepare: async page => {
			await page.getByRole('button', { name: /^(Delete all logs…|删除全部日志…)$/ }).click()
			await page.getByRole('alertdialog').waitFor()
		},
	},
	{
		name: 'settings-about',
		path: '/settings',
		prepare: async page => {
			for (const summary of await page.locator('#about summary').all()) await summary.click()
		},
	},
	{
		name: 'page-failed',
		path: '/history',
		prepare: async page => {
			await page.route('**/api/revisions?*', route =>
				route.fulfill({ json: { revisions: [{ revision: 1, changes: null }], kept: 1, total: 1 } }),
			)
			await page.reload()
			await page.getByText(/^TypeError: /).waitFor()
		},
	},
	{
		name: 'stale',
		path: '/connect',
		prepare: async page => {
			await page.route('**/api/status*', route => route.abort())
			await page.getByRole('button', { name: /^(Try again|重试)$/ }).waitFor({ timeout: 15_000 })
		},
	},
	{
		name: 'help',
		path: '/requests',
		prepare: async page => {
			await page.keyboard.press('?')
			await page.getByRole('dialog').waitFor()
		},
	},
	{
		name: 'palette-typed',
		path: '/',
		prepare: async page => {
			await page.keyboard.press('Control+k')
			await page.getByRole('dialog').getByRole('combobox').fill('kimi')
		},
	},
	{
		name: 'palette-none',
		path: '/',
		prepare: async page => {
			await page.keyboard.press('Control+k')
			await page.getByRole('dialog').getByRole('combobox').fill('qqqq')
		},
	},
	{
		name: 'menu',
		path: '/settings',
		prepare: async page => {
			const width = page.viewportSize()?.width ?? 0
			const name = width < 960 ? /^(More|更多)$/ : /^(Language|语言)/
			await page.getByRole('button', { name }).click()
			await page.getByRole('menu').waitFor()
		},
	},
]
