import type { Page, Request, Response } from 'playwright-core'

export interface Traffic {
	/** Questions to the API without an answer yet. */
	pending(): number
	/** Every answer since, but for the files of the build: those know nothing of any database. */
	bodies(): Promise<{ url: string; text: string }[]>
	end(): void
}

export function watchTraffic(page: Page): Traffic {
	const open = new Set<Request>()
	const answers: Promise<{ url: string; text: string }>[] = []
	const began = (request: Request) => {
		if (request.url().includes('/api/')) open.add(request)
	}
	const ended = (request: Request) => void open.delete(request)
	const answered = (response: Response) => {
		const url = response.url()
		if (url.includes('/_app/')) return
		// A page that leaves takes what it was still reading along.
		const text = response.text().catch(() => '')
		answers.push(text.then(body => ({ url, text: body })))
	}
	page.on('request', began)
	page.on('requestfinished', ended)
	page.on('requestfailed', ended)
	page.on('response', answered)
	return {
		pending: () => open.size,
		bodies: () => Promise.all(answers),
		end() {
			page.off('request', began)
			page.off('requestfinished', ended)
			page.off('requestfailed', ended)
			page.off('response', answered)
		},
	}
}

/** Until all that a page asked for is there and drawn. */
export async function settle(page: Page, traffic: Pick<Traffic, 'pending'>): Promise<void> {
	const drawn = () =>
		page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))))
	do {
		await drawn()
		while (traffic.pending() > 0) await drawn()
		// What came may have led to the next question.
		await drawn()
	} while (traffic.pending() > 0)
}

const openOf = new WeakMap<Page, Set<Request>>()

/** From now on it is known what a page waits for: parts of it that are loaded late count as well. */
export function followPage(page: Page): void {
	const open = new Set<Request>()
	openOf.set(page, open)
	page.on('request', request => {
		// What the page before had asked for comes to nothing.
		if (request.isNavigationRequest() && request.frame() === page.mainFrame()) open.clear()
		open.add(request)
	})
	page.on('requestfinished', request => void open.delete(request))
	page.on('requestfailed', request => void open.delete(request))
}

/** Until a page has all that it asked for, with its letters, and has drawn it: before something is measured or judged. */
export async function rest(page: Page): Promise<void> {
	const open = openOf.get(page)
	await page.evaluate(async () => void (await document.fonts.ready))
	await settle(page, { pending: () => open?.size ?? 0 })
}
