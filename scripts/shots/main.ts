import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium } from 'playwright-core'
import { describeBrowser } from '../../test/support/chromium.ts'
import { accessKey, startProxy } from '../../test/support/proxy.ts'
import { ensureAdmin } from '../lib/ensure-admin.ts'
import { projectRoot } from '../lib/layout.ts'
import { fillDatabase } from './data.ts'
import { pages, type ShotPage } from './pages.ts'

/**
 * `npm run shots [-- words]`: screenshots of every page × language × theme × width on a database with plausible data,
 * into .cache/shots; the few that the README shows go to docs/screenshots with `--docs`. Words narrow the choice:
 * `npm run shots -- history zh dark 375`; commas give alternatives, and widths beside the usual ones are taken when
 * named: `npm run shots -- settings,connect light 320,1920`.
 */
const words = process.argv.slice(2).filter(word => !word.startsWith('--'))
const forDocs = process.argv.includes('--docs')
const folder = join(projectRoot, forDocs ? 'docs/screenshots' : '.cache/shots')

const locales = ['en', 'zh-CN'] as const
const themes = ['light', 'dark'] as const
const unusualWidths = [320, 959, 960, 1279, 1280, 1920, 2560].filter(
	width => forDocs || words.some(word => word.split(',').includes(String(width))),
)
const widths = [375, 1024, 1440, ...unusualWidths]

interface Shot {
	page: ShotPage
	locale: (typeof locales)[number]
	theme: (typeof themes)[number]
	width: number
}

const nameShot = ({ page, locale, theme, width }: Shot) => `${page.name}.${locale}.${theme}.${width}`

const all = pages.flatMap(page =>
	locales.flatMap(locale =>
		themes.flatMap(theme => widths.map((width): Shot => ({ page, locale, theme, width }))),
	),
)
const isWanted = (shot: Shot) =>
	words.every(word => word.split(',').some(part => nameShot(shot).includes(part))) &&
	(!forDocs || (shot.page.docs?.width === shot.width && shot.page.docs.themes.includes(shot.theme)))

type Session = Awaited<ReturnType<BrowserContext['storageState']>>

/** Once for all pictures: each sign-in is a row of the list in Settings. */
async function signIn(browser: Browser, url: string, userAgent?: string): Promise<Session> {
	const context = await browser.newContext({ ...(userAgent !== undefined && { userAgent }) })
	await context.request.post(`${url}/api/session`, { data: { key: accessKey } })
	const session = await context.storageState()
	await context.close()
	return session
}

async function take(browser: Browser, shot: Shot, url: string, session: Session): Promise<void> {
	const { page: target, locale, theme, width } = shot
	const context = await browser.newContext({
		viewport: { width, height: width < 600 ? 800 : 900 },
		colorScheme: theme,
		locale,
		reducedMotion: 'reduce',
		hasTouch: width < 600,
		...(!target.signedOut && { storageState: session }),
	})
	await context.addInitScript(value => localStorage.setItem('claude-proxy.locale', value), locale)
	const page = await context.newPage()
	await page.goto(`${url}${target.path}`)
	await page.locator('h1').first().waitFor()
	await page.waitForLoadState('networkidle')
	await target.prepare?.(page)
	// Grown to its content, so that the bar at the bottom of phones is at the bottom. What lies over the page belongs to the window.
	const over = await page.locator('[role="dialog"], [role="alertdialog"], [role="menu"]').count()
	const height = await page.evaluate(() => document.documentElement.scrollHeight)
	if (!forDocs && over === 0) await page.setViewportSize({ width, height: Math.min(height, 6000) })
	await page.screenshot({ path: join(folder, `${nameShot(shot)}.png`) })
	await context.close()
}

await ensureAdmin(projectRoot, (label, work) => {
	console.log(label)
	return work()
})
if (!forDocs && words.length === 0) rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
const filled = await startProxy({}, 'node', { admin: true })
const empty = await startProxy({}, 'node', { admin: true })
const browser = await chromium.launch(await describeBrowser())
try {
	await fillDatabase(filled)
	const wanted = all.filter(isWanted)
	const phone =
		'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1'
	await signIn(browser, filled.url, phone)
	const sessions = new Map<string, Session>()
	for (const { url } of [filled, empty]) sessions.set(url, await signIn(browser, url))
	for (const shot of wanted) {
		const { url } = shot.page.empty ? empty : filled
		await take(browser, shot, url, sessions.get(url) ?? { cookies: [], origins: [] })
	}
	console.log(`${wanted.length} screenshots in ${folder}`)
} finally {
	await browser.close()
	await filled.close()
	await empty.close()
}
