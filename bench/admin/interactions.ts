import type { Browser, Page } from 'playwright-core'
import { cardOf } from '../../test/browser/upstreams-support.ts'
import { openFresh } from './load.ts'

/** Slowest event of each kind of action, until what it led to is painted; the best of some rounds. */
export async function measureInteractions(
	browser: Browser,
	url: string,
	rounds: number,
): Promise<Record<string, number>> {
	const page = await openFresh(browser, url)
	await page.goto(`${url}/`)
	await cardOf(page, 'upstream 0').waitFor()
	const take = await watchInteractions(page)
	const keysOf = (place: number) =>
		page.getByRole('button', { name: new RegExp(`Keys of upstream ${place}(?!\\d)`) })
	// Loads the panel: what is fetched once is not what a click costs.
	await keysOf(1).click()
	await page.getByLabel('Add keys').first().waitFor()
	await take()
	const kinds: Record<string, () => Promise<unknown>> = {
		'opens keys': () => keysOf(2).click(),
		'closes keys': () => keysOf(2).click(),
		'goes to the next': () => page.keyboard.press('j'),
		filters: () => page.getByLabel('Find upstreams').press('9'),
		'clears the filter': () => page.getByLabel('Find upstreams').press('Escape'),
	}
	const best: Record<string, number> = {}
	for (let round = 0; round < rounds; round++) {
		for (const [kind, act] of Object.entries(kinds)) {
			await act()
			const slowest = Math.max(0, ...(await take()))
			best[kind] = Math.min(best[kind] ?? Number.POSITIVE_INFINITY, slowest)
		}
	}
	await page.context().close()
	return best
}

/** Lets the browser time every interaction until what it led to is painted. */
async function watchInteractions(page: Page): Promise<() => Promise<number[]>> {
	await page.evaluate(() => {
		const times: number[] = []
		Object.assign(globalThis, { interactionTimes: times })
		new PerformanceObserver(list => {
			for (const entry of list.getEntries()) {
				if ((entry as PerformanceEventTiming).interactionId > 0) times.push(entry.duration)
			}
		}).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit)
	})
	return () =>
		page.evaluate(async () => {
			await new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve, 120)))
			return (globalThis as unknown as { interactionTimes: number[] }).interactionTimes.splice(0)
		})
}
