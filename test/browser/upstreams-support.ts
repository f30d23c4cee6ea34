import type { Page } from 'playwright-core'
import type { useAdmin } from './support/admin.ts'

export const by = { author: 'cli', message: 'test' } as const
export const threeKeys = ['sk-first-0123456789aaaa', 'sk-second-0123456789bbbb', 'sk-third-0123456789cccc']
/** What another process changes is seen within six seconds. */
export const soon = { timeout: 6000 }

/** Starts a test from these upstreams alone; answers their ids. */
export async function beginWith(
	{ proxy }: ReturnType<typeof useAdmin>,
	baseUrl: string,
	names: readonly string[],
	keys: readonly string[] = [],
): Promise<string[]> {
	const { repository, services } = proxy
	for (const { id } of (await repository.read()).upstreams) await repository.removeUpstream(id, by)
	const ids: string[] = []
	for (const name of names) {
		const { id } = await repository.addUpstream({ name, type: 'claude', baseUrl }, by, [...keys])
		ids.push(id)
	}
	await services.config.refresh()
	return ids
}

export async function openKeys(page: Page, name: string): Promise<void> {
	await page.getByRole('button', { name: `Keys of ${name}` }).click()
	await page.getByLabel('Add keys').waitFor()
}

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
