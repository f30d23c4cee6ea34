import type { Page } from 'playwright-core'

/** The card or the row of an upstream. */
export const cardOf = (page: Page, name: string) =>
	page.locator('[data-upstream]').filter({ has: page.getByRole('link', { name, exact: true }) })

/** As Ctrl+V does it, wherever the focus is; the clipboard itself belongs to the whole computer. */
export async function pasteText(page: Page, text: string, field?: string): Promise<void> {
	const target = field === undefined ? page.locator('body') : page.getByLabel(field)
	await target.evaluate((element, pasted) => {
		const clipboardData = new DataTransfer()
		clipboardData.setData('text/plain', pasted)
		element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
	}, text)
}

/** The bodies of all answers of the API from now on. */
export function collectAnswers(page: Page): string[] {
	const bodies: string[] = []
	page.on('response', async response => {
		if (response.url().includes('/api/')) bodies.push(await response.text().catch(() => ''))
	})
	return bodies
}

/** Until nothing is open over the list. */
export const waitForList = (page: Page) => page.waitForURL(url => url.pathname === '/')
