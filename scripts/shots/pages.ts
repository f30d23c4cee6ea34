import type { Page } from 'playwright-core'

export interface ShotPage {
	/** Of the file. */
	name: string
	path: string
	signedOut?: boolean
	/** On a database without anything in it. */
	empty?: boolean
	/** Shown in the README. */
	docs?: boolean
	/** Opens a menu, a dialog, a tab. */
	prepare?: (page: Page) => Promise<void>
}

/** A page of the admin is added here, with each of its states that looks different. */
export const pages: readonly ShotPage[] = [
	{ name: 'login', path: '/login', signedOut: true },
	{ name: 'upstreams', path: '/', docs: true },
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
			await page.getByRole('button', { name: /^(How keys take turns|密钥如何轮换)/ }).click()
			await page.getByRole('radio').first().waitFor()
		},
	},
	{
		name: 'upstreams-delete',
		path: '/',
		prepare: async page => {
			await page.getByRole('button', { name: /^(Actions for kimi|kimi 的操作)$/ }).click()
			await page.getByRole('menuitem', { name: /^(Delete|删除)/ }).click()
			await page.getByRole('alertdialog').waitFor()
		},
	},
	{ name: 'upstream-new', path: '/upstreams/new', docs: true },
	{ name: 'upstream-new-preset', path: '/upstreams/new?preset=deepseek' },
	...(['basic', 'keys', 'models', 'advanced'] as const).map(
		(tab): ShotPage => ({
			name: `upstream-${tab}`,
			path: '/',
			prepare: async page => {
				const path = await page.getByRole('link', { name: 'kimi', exact: true }).first().getAttribute('href')
				await page.goto(new URL(`${path}?tab=${tab}`, page.url()).href)
				await page.getByRole('tab', { selected: true }).waitFor()
				await page.waitForLoadState('networkidle')
			},
		}),
	),
	{ name: 'activity', path: '/activity', docs: true },
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
			docs: tab === 'payloads',
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
		path: '/requests?outcome=failed',
		prepare: async page => {
			await page.locator('main a[href^="/requests/req_"]').first().click()
			await page.waitForLoadState('networkidle')
		},
	},
	{ name: 'playground', path: '/playground' },
	{ name: 'history', path: '/history' },
	{ name: 'connect', path: '/connect' },
	{ name: 'settings', path: '/settings' },
	{ name: 'setup', path: '/setup', signedOut: true },
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
]
