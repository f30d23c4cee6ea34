import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { describeBrowser } from '../../test/support/chromium.ts'
import { accessKey, startProxy } from '../../test/support/proxy.ts'
import { ensureAdmin } from '../lib/ensure-admin.ts'
import { projectRoot } from '../lib/layout.ts'
import { fillDatabase } from './data.ts'
import { pages, type ShotPage } from './pages.ts'

/**
 * `npm run shots [-- words]`: screenshots of every page × language × theme × width on a database with plausible data,
 * into .cache/shots; the few that the README shows go to docs/screenshots with `--docs`. Words narrow the choice:
 * `npm run shots -- history zh dark 375`.
 */
const words = process.argv.slice(2).filter(word => !word.startsWith('--'))
const forDocs = process.argv.includes('--docs')
const folder = join(projectRoot, forDocs ? 'docs/screenshots' : '.cache/shots')

const locales = ['en', 'zh-CN'] as const
const themes = ['light', 'dark'] as const
const widths = [375, 1024, 1440] as const

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
	words.every(word => nameShot(shot).includes(word)) &&
	(!forDocs || (shot.page.docs === true && shot.width === 1440))

async function take(browser: Browser, shot: Shot, url: string): Promise<void> {
	const { page: target, locale, theme, width } = shot
	const context = await browser.newContext({
		viewport: { width, height: width < 600 ? 800 : 900 },
		colorScheme: theme,
		locale,
		reducedMotion: 'reduce',
		hasTouch: width < 600,
	})
	await context.addInitScript(value => localStorage.setItem('claude-proxy.locale', value), locale)
	if (!target.signedOut) await context.request.post(`${url}/api/session`, { data: { key: accessKey } })
	const page = await context.newPage()
	await page.goto(`${url}${target.path}`)
	await page.locator('h1').first().waitFor()
	await page.waitForLoadState('networkidle')
	await target.prepare?.(page)
	// Grown to its content, so that the bar at the bottom of phones is at the bottom.
	const height = await page.evaluate(() => document.documentElement.scrollHeight)
	if (!forDocs) await page.setViewportSize({ width, height: Math.min(height, 6000) })
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
	for (const shot of wanted) await take(browser, shot, shot.page.empty ? empty.url : filled.url)
	console.log(`${wanted.length} screenshots in ${folder}`)
} finally {
	await browser.close()
	await filled.close()
	await empty.close()
}
