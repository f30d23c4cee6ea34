import type { Browser, Page } from 'playwright-core'
import { settle, watchTraffic } from '../../test/browser/support/traffic.ts'
import { accessKey } from '../../test/support/proxy.ts'

export interface LoadResult {
	/** From the start of the navigation to the largest paint. */
	lcpMs: number
	/** Sum of all layout shifts that nobody caused. */
	shift: number
	/** What was painted last as the largest. */
	element: string
}

/** Signed in, with nothing in the browser's cache. */
export async function openFresh(browser: Browser, url: string): Promise<Page> {
	const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en' })
	const answer = await context.request.post(`${url}/api/session`, { data: { key: accessKey } })
	if (!answer.ok()) throw new Error(await answer.text())
	return context.newPage()
}

export async function measureLoad(
	browser: Browser,
	url: string,
	path: string,
	slowdown: number,
): Promise<LoadResult> {
	const page = await openFresh(browser, url)
	const session = await page.context().newCDPSession(page)
	await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
	await page.addInitScript(observePaints)
	const traffic = watchTraffic(page)
	await page.goto(`${url}${path}`)
	await page.locator('h1').first().waitFor()
	await settle(page, traffic)
	const result = await page.evaluate(() => (globalThis as unknown as { paints: LoadResult }).paints)
	await page.context().close()
	return result
}

/** CPU time of the page's main thread until all is there and drawn, ms: other work on the computer hardly changes it. */
export async function measureWork(browser: Browser, url: string, path: string): Promise<number> {
	const page = await openFresh(browser, url)
	const session = await page.context().newCDPSession(page)
	await session.send('Performance.enable', { timeDomain: 'threadTicks' })
	const traffic = watchTraffic(page)
	await page.goto(`${url}${path}`)
	await page.locator('h1').first().waitFor()
	await settle(page, traffic)
	const { metrics } = await session.send('Performance.getMetrics')
	await page.context().close()
	return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN)
}

/** Runs in the page. */
function observePaints(): void {
	const paints: LoadResult = { lcpMs: Number.NaN, shift: 0, element: '' }
	Object.assign(globalThis, { paints })
	new PerformanceObserver(list => {
		for (const entry of list.getEntries() as (PerformanceEntry & { element?: Element })[]) {
			paints.lcpMs = entry.startTime
			paints.element = entry.element ? entry.element.textContent.trim().slice(0, 40) : ''
		}
	}).observe({ type: 'largest-contentful-paint', buffered: true })
	new PerformanceObserver(list => {
		for (const entry of list.getEntries() as (PerformanceEntry & {
			value: number
			hadRecentInput: boolean
		})[]) {
			if (!entry.hadRecentInput) paints.shift += entry.value
		}
	}).observe({ type: 'layout-shift', buffered: true })
}
