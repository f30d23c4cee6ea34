import type { Page } from 'playwright-core'
import { runPlayground } from './playground.ts'
import { states } from './states.ts'
import { actionOf, upstreamStates } from './upstreams.ts'

export interface ShotPage {
	/** Of the file. */
	name: string
	path: string
	signedOut?: boolean
	/** On a database without anything in it. */
	empty?: boolean
	/** Shown in the README, in these themes and with this width. */
	docs?: { themes: readonly ('light' | 'dark')[]; width: number }
	/** Opens a menu, a dialog, a tab. */
	prepare?: (page: Page) => Promise<void>
}

/** A page of the admin is added here, with each of its states that looks different. */
export const pages: readonly ShotPage[] = [
	{ name: 'login', path: '/login', signedOut: true },
	{ name: 'upstreams', path: '/', docs: { themes: ['light', 'dark'], width: 1280 } },
	{ name: 'upstreams-empty', path: '/', empty: true },
	{
		name: 'upstreams-keys',
		path: '/',
		prepare: async page => {
			await page.locator('[data-upstream] button[aria-expanded]').first().click()
			await page.locator('ol [data-sort-item]').first().waitFor()
		},
	},
	{ name: 'upstreams-list', path: '/?view=list' },
	{
		name: 'upstreams-strategy',
		path: '/',
		prepare: async page => {
			await page.getByRole('button', { name: /^(How keys take turns|密钥如何轮换|Tools|工具栏)/ }).click()
			await page.getByRole('radio').first().waitFor()
		},
	},
	{
		name: 'upstreams-delete',
		path: '/',
		prepare: async page => {
			await page.getByRole('button', { name: /^(Actions for kimi|kimi 的操作)$/ }).click()
			await actionOf(page, /^(Delete|删除)/).click()
			await page.getByRole('alertdialog').waitFor()
		},
	},
	{ name: 'upstream-new', path: '/upstreams/new' },
	{ name: 'upstream-new-preset', path: '/upstreams/new?preset=deepseek' },
	...(['basic', 'keys', 'models', 'advanced', 'activity'] as const).map(
		(tab): ShotPage => ({
			name: `upstream-${tab}`,
			path: '/',
			prepare: async page => {
				const path = await page.locator('[data-upstream] a[href^="/upstreams/"]').first().getAttribute('href')
				await page.goto(new URL(`${path}?tab=${tab}`, page.url()).href)
				await page.getByRole('tab', { selected: true }).waitFor()
				await page.waitForLoadState('networkidle')
			},
		}),
	),
	...upstreamStates,
	{ name: 'activity', path: '/activity', docs: { themes: ['dark'], width: 1280 } },
	{ name: 'activity-week', path: '/activity?range=7d&compare=1' },
	{ name: 'activity-empty', path: '/activity', empty: true },
	{
		name: 'activity-table',
		path: '/activity?range=6h',
		prepare: async page => {
			await page
				.getByRole('button', { name: /as a table|以表格显示/ })
				.first()
				.click()
		},
	},
	{ name: 'requests', path: '/requests' },
	{ name: 'requests-empty', path: '/requests', empty: true },
	{
		name: 'requests-filtered',
		path: '/requests?outcome=failed&minMs=300',
		prepare: async page => {
			await page.getByRole('button', { name: /^(Filters|筛选)$/ }).click()
		},
	},
	{ name: 'request-gone', path: '/requests/req_long_gone' },
	...(['summary', 'attempts', 'payloads', 'replay'] as const).map(
		(tab): ShotPage => ({
			name: `request-${tab}`,
			path: '/requests',
			...(tab === 'payloads' && { docs: { themes: ['light'], width: 1280 } }),
			prepare: async page => {
				const path = await page.locator('main a[href^="/requests/req_"]').first().getAttribute('href')
				await page.goto(new URL(`${path}?tab=${tab}`, page.url()).href)
				await page.getByRole('heading', { level: 1 }).waitFor()
				await page.waitForLoadState('networkidle')
			},
		}),
	),
	{
		name: 'request-panel',
		path: '/requests?outcome=failed&tab=attempts',
		docs: { themes: ['light'], width: 1920 },
		prepare: async page => {
			await page.locator('main a[href^="/requests/req_"]').first().click()
			await page.waitForLoadState('networkidle')
		},
	},
	{ name: 'playground', path: '/playground' },
	{
		name: 'playground-answer',
		path: '/playground',
		docs: { themes: ['light'], width: 1280 },
		prepare: page => runPlayground(page),
	},
	{
		name: 'playground-failed',
		path: '/playground',
		prepare: page =>
			runPlayground(page, {
				status: 529,
				body: { type: 'error', error: { type: 'overloaded_error', message: 'overloaded, try again later' } },
			}),
	},
	{
		name: 'playground-compare',
		path: '/playground',
		prepare: async page => {
			await page.getByRole('button', { name: /^(Compare|对比)$/ }).click()
			await runPlayground(page)
		},
	},
	{
		name: 'playground-converted',
		path: '/playground?tab=converted',
		prepare: async page => {
			await page.getByRole('button', { name: /^(Thinking|思考)$/ }).click()
			await page.getByRole('combobox').first().selectOption({ label: 'openai-main' })
			await page.getByText('api.openai.com').waitFor()
			await page.waitForLoadState('networkidle')
		},
	},
	{
		name: 'playground-image',
		path: '/playground?tab=curl',
		prepare: async page => {
			await page.getByRole('button', { name: /^(Image|图片)$/ }).click()
			await page.locator('main img').waitFor()
			await page.waitForLoadState('networkidle')
		},
	},
	{
		name: 'playground-json',
		path: '/playground',
		prepare: async page => {
			await page.getByRole('radio', { name: /^JSON/ }).check({ force: true })
		},
	},
	{ name: 'history', path: '/history' },
	{ name: 'history-empty', path: '/history', empty: true },
	{ name: 'history-none-found', path: '/history?author=system' },
	{
		name: 'history-revision',
		path: '/history',
		prepare: async page => {
			await page.locator('a[data-revision]').nth(2).click()
			await page.locator('del, ins').first().waitFor()
		},
	},
	{ name: 'history-compare', path: '/history?open=3&against=current' },
	{ name: 'history-config', path: '/history?open=3&show=config' },
	{
		name: 'history-restore',
		path: '/history?open=4',
		prepare: async page => {
			await page.getByRole('button', { name: /^(Restore…|恢复…)$/ }).click()
			await page.getByRole('dialog').locator('details').first().waitFor()
		},
	},
	{ name: 'connect', path: '/connect' },
	...(['shell', 'vscode', 'sdk'] as const).map(
		(client): ShotPage => ({ name: `connect-${client}`, path: `/connect?client=${client}` }),
	),
	{ name: 'settings', path: '/settings' },
	{
		name: 'settings-edited',
		path: '/settings',
		prepare: async page => {
			await page.getByRole('button', { name: /^(Add price|添加价格)$/ }).click()
			await page.locator('#recording input[inputmode="numeric"]').first().fill('0')
			await page.locator('#recording button[type="submit"]').click()
			for (const place of [0, 1]) await page.locator('#proxy summary, #prices summary').nth(place).click()
			await page.waitForLoadState('networkidle')
		},
	},
	{
		name: 'settings-webhook',
		path: '/settings',
		prepare: async page => {
			await page.getByRole('button', { name: /^(Add webhook|添加 Webhook)$/ }).click()
			await page.getByRole('dialog').waitFor()
		},
	},
	{
		name: 'settings-import',
		path: '/settings',
		prepare: async page => {
			const made = await page.request.post(new URL('/api/export', page.url()).href, {
				data: { keys: 'plain' },
				headers: { 'x-claude-proxy-admin': '1' },
			})
			const document = JSON.parse(await made.text())
			document.upstreams.pop()
			Object.assign(document.upstreams[1], { timeoutMs: 90_000, description: 'For the evening' })
			document.upstreams.push({
				name: 'deepseek',
				type: 'claude',
				baseUrl: 'https://api.deepseek.com/anthropic',
			})
			await page.locator('#data textarea').fill(JSON.stringify(document))
			await page.getByRole('radio', { name: /^(Replace|替换)/ }).check()
			await page.getByRole('button', { name: /^(Review…|查看改动…)$/ }).click()
			await page.getByRole('dialog').waitFor()
		},
	},
	...(['check', 'secure', 'upstream'] as const).map(
		(step): ShotPage => ({ name: `setup-${step}`, path: `/setup?step=${step}`, empty: true }),
	),
	{
		name: 'setup-upstream-chosen',
		path: '/setup?step=upstream',
		empty: true,
		prepare: async page => {
			await page.getByRole('button', { name: 'DeepSeek', exact: true }).click()
			await page.waitForLoadState('networkidle')
		},
	},
	{ name: 'setup-connect', path: '/setup?step=connect' },
	{ name: 'not-found', path: '/nowhere' },
	{ name: 'components', path: '/dev/components', signedOut: true },
	{
		name: 'palette',
		path: '/history',
		prepare: async page => {
			await page.keyboard.press('Control+k')
			await page.getByRole('dialog').waitFor()
		},
	},
	...states,
]
