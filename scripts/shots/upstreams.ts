import type { Page, Route } from 'playwright-core'
import type { Status } from '../../web/src/lib/live/status.ts'
import type { ShotPage } from './pages.ts'

type Edit = (status: Status) => void

/** What the server says of its state, changed on its way: states that take a real failure, or minutes. */
async function editStatus(page: Page, edit: Edit): Promise<void> {
	await page.route('**/api/status*', async route => {
		const response = await route.fetch()
		const status = (await response.json()) as Partial<Status>
		if (status.upstreams) edit(status as Status)
		await route.fulfill({ response, json: status })
	})
	await page.reload()
	await page.locator('h1').first().waitFor()
	await page.locator('[data-upstream]').first().waitFor()
}

/** Every key of the current upstream cools, the second one since its quota was used up, the third for one model. */
const coolAll: Edit = status => {
	const current = status.upstreams.find(upstream => upstream.current)
	if (!current) return
	Object.assign(current, { state: 'cooling', cooldownUntil: status.now + 252_000 })
	const lastError = 'You have used all of this period. It starts again on 25 November.'
	for (const [place, key] of current.keys.entries()) {
		const cooldownUntil = status.now + 252_000 + place * 300_000
		const health = {
			lastFailAt: status.now - 60_000,
			lastOkAt: 0,
			lastStatus: 402,
			lastClass: 'quota' as const,
		}
		Object.assign(key, { state: 'cooling', cooldownUntil, demoted: place === 1 })
		key.scopes = [{ scope: '', cooldownUntil, streak: 2, failTotal: 4 + place, lastError, ...health }]
	}
}

const result = {
	...{ ok: true, status: 200, class: 'ok', message: '', reused: false },
	...{
		url: 'https://api.moonshot.cn/anthropic/v1/messages',
		model: 'kimi-k3-turbo',
		answeredModel: 'kimi-k3-turbo',
	},
	...{ keyMask: 'sk-…1eef', connectMs: 41, firstByteMs: 312, totalMs: 655 },
}

async function answerProbe(page: Page, change: object): Promise<void> {
	const answer = async (route: Route) => {
		const upstreamId = route.request().url().split('/').at(-2)
		await route.fulfill({ json: { ...result, upstreamId, upstreamName: 'kimi', at: Date.now(), ...change } })
	}
	await page.route('**/api/upstreams/*/probe', answer)
}

/** Of a menu, or of the sheet that takes its place on phones. */
export const actionOf = (page: Page, name: RegExp) =>
	page.getByRole('menuitem', { name }).or(page.getByRole('dialog').getByRole('button', { name }))

const test = (page: Page, place: number) =>
	page
		.getByRole('button', { name: /^(Test|测试)$/ })
		.nth(place)
		.click()

/** The states of the home page and its form that a filled database does not have by itself. */
export const upstreamStates: readonly ShotPage[] = [
	{
		name: 'state-cooling',
		path: '/',
		prepare: async page => {
			await editStatus(page, coolAll)
			await page.locator('[data-upstream] button[aria-expanded]').first().click()
			await page.locator('ol [data-sort-item]').first().waitFor()
		},
	},
	{
		name: 'state-troubles',
		path: '/',
		prepare: page =>
			editStatus(page, status => {
				status.currentUpstreamId = null
				for (const upstream of status.upstreams) {
					if (upstream.current) Object.assign(upstream, { current: false, state: 'degraded' })
				}
				const [first, second] = status.upstreams.flatMap(({ keys }) => keys)
				if (first) Object.assign(first, { state: 'unreadable', readable: false })
				if (second) Object.assign(second, { state: 'cooling', cooldownUntil: status.now + 99_000 })
			}),
	},
	{
		name: 'state-loading',
		path: '/',
		prepare: async page => {
			await page.route('**/api/status*', () => {})
			await page.reload({ waitUntil: 'commit' })
			await page.locator('h1').first().waitFor()
		},
	},
	{
		name: 'state-error',
		path: '/',
		prepare: async page => {
			const error = {
				type: 'api_error',
				code: 'database-unavailable',
				message: 'The database does not answer.',
			}
			await page.route('**/api/status*', route =>
				route.fulfill({ status: 503, json: { type: 'error', error, request_id: 'req_5eed9f27' } }),
			)
			await page.reload()
			await page.getByText('req_5eed9f27').first().waitFor()
		},
	},
	{
		name: 'state-test',
		path: '/',
		prepare: async page => {
			await answerProbe(page, {})
			await test(page, 0)
			await page.getByText('312 ms').first().click()
			await page.locator('form').last().waitFor()
		},
	},
	{
		name: 'state-test-failed',
		path: '/',
		prepare: async page => {
			const message = 'You exceeded your current quota, please check your plan and billing details.'
			await answerProbe(page, { ok: false, status: 429, class: 'quota', message, answeredModel: undefined })
			await test(page, 1)
			await page.getByText(message).first().waitFor()
		},
	},
	{
		name: 'state-testing',
		path: '/',
		prepare: async page => {
			await page.route('**/api/upstreams/*/probe', () => {})
			await test(page, 0)
		},
	},
	{
		name: 'state-test-all',
		path: '/',
		prepare: async page => {
			const results = [
				{ ...result, upstreamName: 'kimi' },
				{
					...{ ...result, upstreamName: 'openai-main', ok: false, status: 401, class: 'auth' },
					...{ message: 'Incorrect API key provided.', model: 'gpt-6-sol', answeredModel: undefined },
				},
			]
			const status = await (await page.request.get(new URL('/api/status', page.url()).href)).json()
			const events = results.map((one, place) => {
				const data = { ...one, upstreamId: status.upstreams[place].id, at: Date.now() }
				return `event: result\ndata: ${JSON.stringify(data)}\n\n`
			})
			const body = `event: started\ndata: {"total":3}\n\n${events.join('')}`
			await page.route('**/api/probes', route =>
				route.fulfill({ body, headers: { 'content-type': 'text/event-stream' } }),
			)
			const tools = page.getByRole('button', { name: /^(Tools|工具栏)$/ })
			if (await tools.isVisible()) await tools.click()
			await page.getByRole('button', { name: /^(Test all|全部测试)$/ }).click()
			await page.getByRole('dialog').getByText('openai-main').waitFor()
			await page.waitForLoadState('networkidle')
		},
	},
	{
		name: 'state-undo',
		path: '/',
		prepare: async page => {
			await page.route('**/api/current', route => route.fulfill({ json: { revision: 99 } }))
			await page
				.getByRole('button', { name: /^(Set current|设为当前)$/ })
				.first()
				.click()
			await page.getByRole('button', { name: /^(Undo|撤销)$/ }).waitFor()
		},
	},
	{
		name: 'state-sorting',
		path: '/',
		prepare: async page => {
			await page.getByRole('button', { name: /^(Move kimi|移动 kimi)$/ }).focus()
			await page.keyboard.press('Space')
			await page.keyboard.press('ArrowDown')
		},
	},
	{
		name: 'state-menu',
		path: '/',
		prepare: async page => {
			await page.getByRole('button', { name: /^(Actions for openai-main|openai-main 的操作)$/ }).click()
			await actionOf(page, /./).first().waitFor()
		},
	},
	{
		name: 'state-none-found',
		path: '/?q=nothing+like+it',
	},
	{
		name: 'state-conflict',
		path: '/',
		prepare: async page => {
			await page.locator('[data-upstream] a[href^="/upstreams/"]').first().click()
			const name = page.getByRole('textbox', { name: /^(Description|说明)/ })
			await name.fill('Coding plan, for everybody')
			const theirs = [
				{
					...{ kind: 'upstream-changed', upstreamId: page.url().split('/').at(-1), name: 'kimi' },
					fields: {
						description: { from: 'Coding plan, shared by the team', to: 'Until December' },
						timeoutMs: { from: 0, to: 90_000 },
					},
				},
			]
			const error = { type: 'invalid_request_error', code: 'conflict', message: 'changed meanwhile', theirs }
			await page.route('**/api/upstreams/*', route =>
				route.request().method() === 'PATCH'
					? route.fulfill({
							status: 409,
							json: {
								type: 'error',
								error: { ...error, currentRevision: 99, expectedRevision: 12 },
								request_id: 'r',
							},
						})
					: route.continue(),
			)
			await page.getByRole('button', { name: /^(Save|保存)$/ }).click()
			await page.getByRole('dialog').waitFor()
		},
	},
	{
		name: 'state-problems',
		path: '/upstreams/new',
		prepare: async page => {
			await page.getByRole('textbox', { name: /^(Base URL|基础 URL)/ }).fill('ftp://nowhere')
			await page.getByRole('button', { name: /^(Add upstream|添加渠道)$/ }).click()
			await page.locator('[aria-invalid="true"]').first().waitFor()
		},
	},
	{
		name: 'state-pasted',
		path: '/upstreams/new',
		prepare: async page => {
			const text = `export ANTHROPIC_BASE_URL=https://api.deepseek.com/anthropic\nexport ANTHROPIC_AUTH_TOKEN=sk-madeup0001shots00000000000000001eef`
			await page.getByRole('textbox', { name: /^(Paste anything|粘贴任意内容)/ }).fill(text)
			await page.keyboard.press('Tab')
			await page.getByText(/\/anthropic\/v1\/messages/).waitFor()
			await page.waitForLoadState('networkidle')
		},
	},
	{
		name: 'state-activity-zoom',
		path: '/activity',
		prepare: async page => {
			const over = page.locator('.u-over').first()
			await over.scrollIntoViewIfNeeded()
			const box = await over.boundingBox()
			if (!box) throw new Error('no chart to zoom')
			await page.mouse.move(box.x + box.width * 0.7, box.y + 40)
			await page.mouse.down()
			await page.mouse.move(box.x + box.width * 0.95, box.y + 60, { steps: 4 })
			await page.mouse.up()
			await page.waitForURL(/from=/)
			await page.waitForLoadState('networkidle')
			await page.locator('.u-over').first().hover()
		},
	},
	{
		name: 'state-activity-loading',
		path: '/login',
		prepare: async page => {
			await page.route('**/api/usage*', () => {})
			await page.goto(new URL('/activity', page.url()).href)
			await page.locator('h1').first().waitFor()
		},
	},
	{
		name: 'state-login-wrong',
		path: '/login',
		signedOut: true,
		prepare: async page => {
			await page.locator('input:visible').first().fill('not the key')
			await page.locator('button[type="submit"]').click()
			await page.getByRole('alert').first().waitFor()
		},
	},
]
