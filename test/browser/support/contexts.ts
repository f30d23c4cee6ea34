import type { Browser, BrowserContext } from 'playwright-core'

export interface ContextPool {
	/** One that no other page of this test has. */
	get(options: { locale?: string }): Promise<BrowserContext>
	/** After a test, when its pages are closed. */
	takeBack(): Promise<void>
}

/**
 * People of the browser: each has cookies and storage of their own. The next test takes over what the browser has
 * compiled for them, which is half of the work of opening a page, and nothing else of theirs.
 */
export function createContextPool(browser: Browser): ContextPool {
	const free = new Map<string, BrowserContext[]>()
	const taken: { context: BrowserContext; locale: string }[] = []
	return {
		async get({ locale = 'en' }) {
			// The pseudo-locale is a choice in the page; no browser speaks it.
			const spoken = locale === 'en-XA' ? 'en' : locale
			const context = free.get(spoken)?.pop() ?? (await create(browser, spoken))
			taken.push({ context, locale: spoken })
			return context
		},
		async takeBack() {
			for (const { context, locale } of taken.splice(0)) {
				await context.clearCookies()
				await context.clearPermissions()
				free.set(locale, [...(free.get(locale) ?? []), context])
			}
		},
	}
}

async function create(browser: Browser, locale: string): Promise<BrowserContext> {
	const context = await browser.newContext({ locale, reducedMotion: 'reduce' })
	// For a computer that is slow and busy: what waits so long is not going to come.
	context.setDefaultTimeout(45_000)
	return context
}
