import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { call } from '../support/call.ts'
import { startOpenAiUpstream } from '../support/upstreams/index.ts'
import { useAdmin } from './support/admin.ts'
import { expectAccessible, expectFocus, expectNoSidewaysScroll } from './support/checks.ts'

const admin = useAdmin()
const secret = 'sk-history-secret-0123456789'
let kimi = ''
let openai = ''

beforeAll(async () => {
	const { repository } = admin.proxy
	const web = { author: 'web' } as const
	const base = { type: 'claude', baseUrl: 'http://127.0.0.1:9' }
	kimi = (await repository.addUpstream({ ...base, name: 'kimi' }, web)).id
	await repository.addKeys(kimi, [secret, `${secret}-second`], { author: 'cli' })
	openai = (await repository.addUpstream({ ...base, name: 'openai' }, { author: 'cli' })).id
	await repository.setCurrentUpstream(openai, { author: 'web', message: 'openai is paid again' })
	await admin.proxy.services.config.refresh()
})

const row = (page: Page, revision: number) => page.locator(`a[data-revision="${revision}"]`)
const panel = (page: Page) => page.getByRole('complementary', { name: 'Revision' })
const dialog = (page: Page) => page.getByRole('dialog')
const expectParameters = (page: Page) =>
	expect.poll(() => Object.fromEntries(new URL(page.url()).searchParams))
const newest = async () => (await admin.proxy.repository.listRevisions({ limit: 1 })).total
const open = async (path = '/history', options = {}) => {
	const page = await admin.open(path, options)
	await row(page, 1).waitFor()
	return page
}

it('tells each change in a sentence, who made it, and how much it was', async () => {
	const page = await open()
	await row(page, 1).getByText('Added kimi', { exact: true }).waitFor()
	const keys = row(page, 2)
	await keys.getByText('Added 2 keys to kimi').waitFor()
	await keys.getByText('Command line').waitFor()
	await keys.getByText('2 added').waitFor()
	await row(page, 4).getByText('openai is paid again').waitFor()
	await row(page, 4).getByText('Made openai the current upstream').waitFor()
	expect(await page.content()).not.toContain(secret)
})

it('narrows down by author and upstream, also from the address', async () => {
	const page = await open()
	await page.getByLabel('Made by').selectOption('Command line')
	await row(page, 1).waitFor({ state: 'detached' })
	await page.getByLabel('Upstream').selectOption('openai')
	await row(page, 2).waitFor({ state: 'detached' })
	await expectParameters(page).toEqual({ author: 'cli', upstream: openai })
	await page.reload()
	await row(page, 3).waitFor()
	await expect.poll(() => page.locator('a[data-revision]').count()).toBe(1)
	await page.getByRole('switch', { name: 'Pinned only' }).check()
	await page.getByText('No change fits the filters').waitFor()
	await page.getByRole('button', { name: 'Clear the filters' }).last().click()
	await row(page, 1).waitFor()
	await expectParameters(page).toEqual({})
})

it('shows a change made elsewhere, what it changed, and takes it back after a review', async () => {
	const page = await open()
	const { revision } = await admin.proxy.repository.updateUpstream(
		kimi,
		{ timeoutMs: 90_000 },
		{ author: 'cli' },
	)
	await admin.proxy.services.config.refresh()
	await page.evaluate(() => window.dispatchEvent(new Event('focus')))
	await row(page, revision).getByText('Changed kimi: Longest silence (ms)').waitFor()
	await row(page, revision).click()
	await panel(page).getByText('90000').waitFor()
	await row(page, revision - 1).click()
	await panel(page)
		.getByRole('heading', { name: `Revision ${revision - 1}` })
		.waitFor()
	await panel(page).getByRole('button', { name: 'Restore…' }).click()
	await dialog(page).getByText('A new revision is made').waitFor()
	await dialog(page).getByText('Longest silence (ms)').waitFor()
	await dialog(page).getByRole('button', { name: 'Restore', exact: true }).click()
	await dialog(page).waitFor({ state: 'detached' })
	await row(page, revision + 1)
		.getByText(`Restored revision ${revision - 1}`)
		.waitFor()
	expect((await admin.proxy.repository.read()).upstreams.find(({ id }) => id === kimi)?.timeoutMs).toBe(0)
	await page.getByRole('button', { name: 'Undo' }).click()
	await row(page, revision + 2).waitFor()
	expect((await admin.proxy.repository.read()).upstreams.find(({ id }) => id === kimi)?.timeoutMs).toBe(
		90_000,
	)
})

it('warns before the current upstream goes, and restores nothing that changed since the review', async () => {
	const page = await open('/history?open=1', { expected: [/409/] })
	await panel(page).getByRole('button', { name: 'Restore…' }).click()
	await dialog(page).getByText('openai answers requests now, and would be deleted.').waitFor()
	await dialog(page)
		.getByRole('heading', { name: /^Deleted/ })
		.waitFor()
	await admin.proxy.repository.updateUpstream(openai, { description: 'meanwhile' }, { author: 'cli' })
	const before = await newest()
	await dialog(page).getByRole('button', { name: 'Restore', exact: true }).click()
	await dialog(page).getByText('The configuration has changed meanwhile').waitFor()
	await dialog(page).getByText('meanwhile', { exact: true }).waitFor()
	expect(await newest()).toBe(before)
	await dialog(page).getByRole('button', { name: 'Look again' }).click()
	await dialog(page).getByRole('button', { name: 'Restore', exact: true }).waitFor()
	await page.keyboard.press('Escape')
	await dialog(page).waitFor({ state: 'detached' })
})

it('keeps a pinned revision for ever, with a message written afterwards', async () => {
	const page = await open('/history?open=1')
	await panel(page).getByRole('button', { name: 'Pin', exact: true }).click()
	await panel(page).getByText('Pinned').waitFor()
	await panel(page).getByRole('button', { name: 'Edit the message' }).click()
	await panel(page).getByLabel('Message').fill('how it all began')
	await page.keyboard.press('Enter')
	await row(page, 1).getByText('how it all began').waitFor()
	const { repository } = admin.proxy
	for (let at = 0; at < 55; at++)
		await repository.updateUpstream(openai, { description: `${at}` }, { author: 'cli' })
	await page.reload()
	await panel(page).getByText('how it all began').waitFor()
	await row(page, await newest()).waitFor()
	expect(await row(page, 1).count()).toBe(0)
	await page.getByRole('button', { name: 'Older changes' }).click()
	await row(page, 1).getByText('Pinned').waitFor()
	expect(await row(page, 2).count()).toBe(0)
})

it('compares with the present and with any other, and shows it raw', async () => {
	const page = await admin.open('/history?open=1')
	await panel(page).getByText('Now', { exact: true }).click()
	await panel(page).getByText('openai').first().waitFor()
	await panel(page).getByText('Another', { exact: true }).click()
	const other = String(await newest())
	await panel(page).getByLabel('Revision to compare with').selectOption(other)
	await expectParameters(page).toMatchObject({ open: '1', against: other })
	await panel(page).getByText('JSON', { exact: true }).click()
	await panel(page).getByRole('figure', { name: 'Changes as JSON' }).getByText('"upstream-added"').waitFor()
	await panel(page).getByText('Whole configuration', { exact: true }).click()
	await panel(page)
		.getByRole('figure', { name: /without keys/ })
		.getByText('"kimi"')
		.waitFor()
	expect(await page.content()).not.toContain(secret)
})

it('is used by the keyboard alone', async () => {
	const page = await admin.open('/history')
	const last = await newest()
	await row(page, last).waitFor()
	await page.keyboard.press('j')
	await page.keyboard.press('j')
	await page.keyboard.press('Enter')
	await panel(page)
		.getByRole('heading', { name: `Revision ${last - 1}` })
		.waitFor()
	const focused = () => page.evaluate(() => document.activeElement?.textContent)
	await expect.poll(focused).toBe(`Revision ${last - 1}`)
	// Faster than the address follows.
	for (const [key, revision] of [
		['j', last - 3],
		['k', last - 1],
	] as const) {
		for (let count = 0; count < 2; count++) await page.keyboard.press(key)
		await panel(page)
			.getByRole('heading', { name: `Revision ${revision}` })
			.waitFor()
	}
	await page.keyboard.press('k')
	await panel(page)
		.getByRole('heading', { name: `Revision ${last}` })
		.waitFor()
	await expect.poll(focused).toBe(`Revision ${last}`)
	await page.keyboard.press('Escape')
	await panel(page).waitFor({ state: 'detached' })
	await expectFocus(row(page, last))
})

it('says when a revision is not kept any more', async () => {
	const page = await admin.open('/history?open=2', { expected: [/404/] })
	await page.getByText('This revision is not kept any more.').waitFor()
})

it('shows demotions apart from revisions, and puts a key back', async () => {
	const { proxy } = admin
	const keys = ['sk-empty-0123456789abc', 'sk-full-0123456789abcd']
	const upstream = await startOpenAiUpstream({ keys })
	upstream.keyFaults.set('sk-empty-0123456789abc', {
		status: 402,
		body: { error: { message: 'Insufficient credits' } },
		headers: {},
	})
	await proxy.use({ name: 'paid', type: 'openai', baseUrl: upstream.url }, keys)
	await call(proxy)
	await proxy.services.config.flush()
	await upstream.close()
	const before = await newest()
	const page = await admin.open('/history')
	const list = page.getByRole('list', { name: 'Demoted keys' })
	await list.getByText('from position 1').waitFor()
	await list.getByRole('button', { name: /^Put key sk-…9abc of paid back/ }).click()
	await list.waitFor({ state: 'detached' })
	expect(await newest()).toBe(before)
})

it('opens over the list on a phone, and never scrolls sideways', async () => {
	const page = await admin.open('/history', { width: 375, locale: 'en-XA' })
	await page.locator('a[data-revision]').first().click()
	await page.getByRole('dialog').locator('ins, del').first().waitFor()
	await expectNoSidewaysScroll(page, [320, 375, 768, 959])
	await page.keyboard.press('Escape')
	await page.getByRole('dialog').waitFor({ state: 'detached' })
	await expectParameters(page).toEqual({})
})

it('is accessible in its states, in both themes', async () => {
	const page = await admin.open(`/history?open=1&against=current`, { locale: 'zh-CN' })
	await page.locator('ins, del').first().waitFor()
	await expectAccessible(page)
	await page.getByRole('button', { name: /^(Restore…|恢复…)$/ }).click()
	await page.getByRole('dialog').locator('summary').first().waitFor()
	await expectAccessible(page)
})
