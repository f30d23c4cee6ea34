import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { useAdmin } from './support/admin.ts'

export const by = { author: 'cli', message: 'test' } as const
export const threeKeys = ['sk-first-0123456789aaaa', 'sk-second-0123456789bbbb', 'sk-third-0123456789cccc']

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

/** Until nothing is open over the list: the address changes before the page does. */
export async function waitForList(page: Page): Promise<void> {
	await page.waitForURL(url => url.pathname === '/')
	await page.locator('[inert]').first().waitFor({ state: 'detached' })
	await page.getByRole('heading', { level: 1, name: 'Upstreams' }).waitFor()
}

const messageOf = (page: Page, text: RegExp) =>
	page.getByRole('region', { name: 'Messages' }).locator('> div').filter({ hasText: text })

/** The way back from one change; others may still offer theirs. */
export const undoOf = (page: Page, text: RegExp) =>
	messageOf(page, text).last().getByRole('button', { name: 'Undo' })

/** Waits for the messages of so many changes, and sends them away: what is undone next is what is done next. */
export async function dismissMessages(page: Page, text: RegExp, count: number): Promise<void> {
	await expect.poll(() => messageOf(page, text).count()).toBe(count)
	for (let left = count; left > 0; left--) {
		await messageOf(page, text).first().getByRole('button', { name: 'Dismiss' }).click()
		await expect.poll(() => messageOf(page, text).count()).toBeLessThan(left)
	}
}
