import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ScriptedUpstream, startAnthropicUpstream } from '../support/upstreams/index.ts'
import { useAdmin } from './support/admin.ts'
import { expectAccessible, expectFocus, expectNoSidewaysScroll, expectValue } from './support/checks.ts'
import { rest } from './support/traffic.ts'
import {
	beginWith,
	by,
	cardOf,
	collectAnswers,
	dismissMessages,
	openKeys,
	pasteText,
	threeKeys,
	undoOf,
	waitForList,
} from './upstreams-support.ts'

const admin = useAdmin()
const goodKey = 'sk-ant-good-0123456789abcdef'
const spentKey = 'sk-ant-spent-0123456789abcde'
let service: ScriptedUpstream

beforeAll(async () => {
	service = await startAnthropicUpstream({ keys: [goodKey, spentKey] })
	service.keyFaults.set(spentKey, service.faults.quota)
})
afterAll(() => service.close())

const begin = (names: readonly string[], keys?: readonly string[]) =>
	beginWith(admin, service.url, names, keys)
const namesInOrder = async () => (await admin.proxy.repository.read()).upstreams.map(({ name }) => name)
const masksInOrder = async () =>
	(await admin.proxy.repository.read()).upstreams[0]?.keys.map(({ mask }) => mask)
const ends = (masks: readonly string[] | undefined) => masks?.map(mask => mask.slice(-4))
const shownKeys = (page: Page) => page.locator('ol [data-sort-item] code').allTextContents()

it('goes from nothing to an upstream that answers by pasting an env block, and no key is left anywhere', async () => {
	await begin([])
	const page = await admin.open('/')
	const answers = collectAnswers(page)
	await page.getByText('No upstreams yet').waitFor()
	await pasteText(page, `export ANTHROPIC_BASE_URL=${service.url}\nexport ANTHROPIC_AUTH_TOKEN=${goodKey}`)
	await page.getByText('Filled in from what you pasted').waitFor()
	await page.getByText(`${service.url}/v1/messages`, { exact: false }).first().waitFor()
	await page.getByLabel('Name').fill('first')
	await page.getByRole('button', { name: 'Add and test' }).click()
	await page.getByRole('heading', { level: 1, name: 'first' }).waitFor()
	await page.getByText('Works').first().waitFor()
	await page.getByRole('link', { name: 'All upstreams' }).click()
	await waitForList(page)
	await cardOf(page, 'first').getByText('Answers requests').waitFor()
	const [upstream] = (await admin.proxy.repository.read()).upstreams
	expect(upstream).toMatchObject({ name: 'first', baseUrl: service.url, keys: [{ mask: 'sk-ant-…cdef' }] })
	const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))
	expect([await page.content(), stored, ...answers].filter(text => text.includes(goodKey))).toEqual([])
})

describe('keys', () => {
	beforeEach(() => begin(['kimi'], threeKeys))

	it('are judged while they are typed, and added without those that are there', async () => {
		const page = await admin.open('/')
		await openKeys(page, 'kimi')
		await page.getByLabel('Add keys').fill(`KEY=sk-fourth-0123456789dddd; ${threeKeys[0]} hello`)
		await page.getByText('2 keys found').waitFor()
		await page.getByText('already here').waitFor()
		await page.getByText('Not taken for keys: hello').waitFor()
		await page.getByRole('button', { name: 'Add 2 keys' }).click()
		await page.locator('ol code', { hasText: 'dddd' }).waitFor()
		await expectValue(page.getByLabel('Add keys'), '')
		expect(ends(await masksInOrder())).toEqual(['aaaa', 'bbbb', 'cccc', 'dddd'])
	})

	it('are reordered by the keyboard, by buttons and by the pointer alike', async () => {
		const page = await admin.open('/')
		await openKeys(page, 'kimi')
		const handle = (end: string) => page.getByRole('button', { name: new RegExp(`^Move sk-.*${end}$`) })
		await handle('aaaa').focus()
		for (const key of ['Space', 'ArrowDown', 'ArrowDown']) await page.keyboard.press(key)
		await page.getByText(/aaaa moved to position 3 of 3/).waitFor()
		await page.keyboard.press('Escape')
		await expect.poll(async () => ends(await shownKeys(page))).toEqual(['aaaa', 'bbbb', 'cccc'])
		for (const key of ['Space', 'ArrowDown', 'Space']) await page.keyboard.press(key)
		await expect
			.poll(masksInOrder)
			.toMatchObject([/bbbb/, /aaaa/, /cccc/].map(end => expect.stringMatching(end)))
		await expectFocus(handle('aaaa'))
		await dismissMessages(page, /has a new place/, 1)
		// Faster than the server answers: the second is based on what the first has made.
		const down = page.getByRole('button', { name: /bbbb down$/ })
		await down.click()
		await down.click()
		await expect.poll(async () => ends(await masksInOrder())).toEqual(['aaaa', 'cccc', 'bbbb'])
		await dismissMessages(page, /has a new place/, 2)
		await rest(page)
		const from = await handle('bbbb').boundingBox()
		const to = await handle('aaaa').boundingBox()
		if (!from || !to) throw new Error('the handles are not on the page')
		await page.mouse.move(from.x + 5, from.y + 5)
		await page.mouse.down()
		await page.mouse.move(to.x + 5, to.y + 5, { steps: 12 })
		await page.mouse.up()
		await expect.poll(async () => ends(await masksInOrder())).toEqual(['bbbb', 'aaaa', 'cccc'])
		await page.getByRole('button', { name: 'Undo' }).click()
		await expect.poll(async () => ends(await masksInOrder())).toEqual(['aaaa', 'cccc', 'bbbb'])
	})

	it('keep the order that somebody else has made meanwhile, and say so', async () => {
		const page = await admin.open('/', { expected: [/status of 409/] })
		await openKeys(page, 'kimi')
		await page.getByRole('button', { name: /^Move sk-.*aaaa$/ }).focus()
		await page.keyboard.press('Space')
		const [upstream] = (await admin.proxy.repository.read()).upstreams
		const ids = upstream?.keys.map(({ id }) => id) ?? []
		await admin.proxy.repository.reorderKeys(upstream?.id ?? '', ids.toReversed(), by)
		await admin.proxy.services.config.refresh()
		for (const key of ['ArrowDown', 'Space']) await page.keyboard.press(key)
		await page.getByText('Somebody else changed this meanwhile.').waitFor()
		await expect.poll(async () => ends(await shownKeys(page))).toEqual(['cccc', 'bbbb', 'aaaa'])
	})

	it('are paused, deleted and brought back; purged they are gone', async () => {
		const page = await admin.open('/')
		await openKeys(page, 'kimi')
		const choose = async (end: string, item: string) => {
			await page.getByRole('button', { name: new RegExp(`^Actions for key .*${end}$`) }).click()
			await page.getByRole('menuitem', { name: item, exact: true }).click()
		}
		const row = (end: string) => page.locator('ol [data-sort-item]', { hasText: end })
		await choose('aaaa', 'Pause')
		await row('aaaa').getByText('Paused').waitFor()
		await choose('bbbb', 'Delete')
		await row('bbbb').waitFor({ state: 'detached' })
		await undoOf(page, /bbbb is deleted/).click()
		await row('bbbb').waitFor()
		await choose('cccc', 'Purge…')
		const dialog = page.getByRole('alertdialog')
		await dialog.getByRole('button', { name: 'Purge key', disabled: true }).waitFor()
		await dialog.getByRole('textbox').fill('kimi')
		await dialog.getByRole('button', { name: 'Purge key' }).click()
		await row('cccc').waitFor({ state: 'detached' })
		await choose('bbbb', 'History…')
		await page.getByText('Nothing has happened to this key yet.').waitFor()
	})

	it('that have failed show how long, why, and can be tried again at once', async () => {
		const [upstream] = (await admin.proxy.services.config.current()).upstreams
		const failure = { status: 402, failureClass: 'quota', message: 'no credit left' } as const
		for (const { id } of upstream?.keys ?? []) {
			const times = { baseMs: 300_000, maxMs: 3_600_000, retryAfterMs: 0, ageMs: 0 }
			admin.proxy.services.proxy.keyHealth.failed({ keyId: id, scope: '', ...failure, ...times })
		}
		await admin.proxy.services.flush()
		await admin.proxy.services.config.refresh()
		const page = await admin.open('/')
		await page.getByText('All keys of kimi are cooling').waitFor()
		await openKeys(page, 'kimi')
		await page.getByText('no credit left').first().waitFor()
		await expect.poll(() => page.getByText(/ready in\s*[345]:\d\d/).count()).toBeGreaterThan(1)
		await page.getByRole('button', { name: 'Try its keys again now' }).click()
		await page.getByText('All keys of kimi are cooling').waitFor({ state: 'detached' })
		await expect.poll(() => page.locator('ol').getByText('Ready').count()).toBe(3)
	})
})

describe('upstreams', () => {
	it('become current, with a way back', async () => {
		await begin(['one', 'two'], [goodKey])
		const page = await admin.open('/')
		await cardOf(page, 'two').getByRole('button', { name: 'Set current' }).click()
		await cardOf(page, 'two').getByText('Answers requests').waitFor()
		await expect.poll(() => cardOf(page, 'two').getAttribute('aria-current')).toBe('true')
		await page.getByRole('button', { name: 'Undo' }).click()
		await cardOf(page, 'one').getByText('Answers requests').waitFor()
	})

	it('are tested one by one, and all at once', async () => {
		await begin(['works'], [goodKey])
		const { repository, services } = admin.proxy
		await repository.addUpstream({ name: 'spent', type: 'claude', baseUrl: service.url }, by, [spentKey])
		await services.config.refresh()
		const page = await admin.open('/')
		await cardOf(page, 'works').getByRole('button', { name: 'Test', exact: true }).click()
		await cardOf(page, 'works')
			.getByRole('button', { name: /^Test result of works: [\d.,]+ m?s/ })
			.click()
		const found = page.getByRole('dialog', { name: 'Test of works' })
		await found.getByText(`${service.url}/v1/messages`).waitFor()
		await page.keyboard.press('Escape')
		await page.getByRole('button', { name: 'Test all' }).click()
		const dialog = page.getByRole('dialog', { name: 'Test all upstreams' })
		await dialog.getByText('1 ok, 1 failed.').waitFor()
		await expect
			.poll(() => dialog.getByRole('row').allTextContents())
			.toMatchObject([
				...[expect.anything(), expect.stringContaining('Works'), expect.stringContaining('Quota used up')],
			])
		await page.keyboard.press('Escape')
		// A test is a look, and changes nothing.
		expect(
			(await repository.readOverview()).config.upstreams.flatMap(({ keys }) =>
				keys.flatMap(key => key.state),
			),
		).toEqual([])
	})

	it('are deleted after a question that names the keys, and brought back', async () => {
		await begin(['keep', 'drop'], threeKeys)
		const page = await admin.open('/')
		await page.getByRole('button', { name: 'Actions for drop' }).click()
		await page.getByRole('menuitem', { name: 'Delete…' }).click()
		const dialog = page.getByRole('alertdialog', { name: 'Delete drop?' })
		await dialog.getByText('3 keys go with it').waitFor()
		await dialog.getByRole('button', { name: 'Delete upstream' }).click()
		await cardOf(page, 'drop').waitFor({ state: 'detached' })
		await page.getByRole('button', { name: 'Undo' }).click()
		await cardOf(page, 'drop').waitFor()
		expect((await admin.proxy.repository.read()).upstreams.map(({ keys }) => keys.length)).toEqual([3, 3])
	})

	it('move by handle, menu and keys; the list shows the same order', async () => {
		await begin(['a', 'b', 'c'])
		const page = await admin.open('/')
		await page.getByRole('button', { name: 'Actions for a', exact: true }).click()
		await page.getByRole('menuitem', { name: 'Move to the bottom' }).click()
		await expect.poll(namesInOrder).toEqual(['b', 'c', 'a'])
		await page.getByRole('group', { name: 'View' }).getByText('List').click()
		await page.getByRole('table').waitFor()
		await page.getByRole('button', { name: 'Move c', exact: true }).focus()
		for (const key of ['Space', 'ArrowUp', 'Space']) await page.keyboard.press(key)
		await expect.poll(namesInOrder).toEqual(['c', 'b', 'a'])
		await rest(page)
		const from = await page.getByRole('button', { name: 'Move a', exact: true }).boundingBox()
		const to = await page.getByRole('button', { name: 'Move c', exact: true }).boundingBox()
		if (!from || !to) throw new Error('the handles are not on the page')
		await page.mouse.move(from.x + 5, from.y + 8)
		await page.mouse.down()
		await page.mouse.move(to.x + 5, to.y + 8, { steps: 10 })
		await page.mouse.up()
		await expect.poll(namesInOrder).toEqual(['a', 'c', 'b'])
		await page.waitForURL('**/?view=list')
	})

	it('change by themselves when the command line changes them', async () => {
		const [id = ''] = await begin(['before'])
		const page = await admin.open('/')
		await cardOf(page, 'before').waitFor()
		await admin.proxy.repository.updateUpstream(id, { name: 'after' }, by)
		await cardOf(page, 'after').waitFor()
	})
})

it('does everything without a pointer', async () => {
	await begin(['one', 'two'], [goodKey])
	const page = await admin.open('/')
	await cardOf(page, 'two').waitFor()
	await page.keyboard.press('j')
	await page.keyboard.press('j')
	await expectFocus(cardOf(page, 'two'))
	await page.keyboard.press('u')
	await cardOf(page, 'two').getByText('Answers requests').waitFor()
	await page.keyboard.press('t')
	await cardOf(page, 'two')
		.getByRole('button', { name: /^Test result of two/ })
		.waitFor()
	await page.keyboard.press('.')
	await page.getByRole('menuitem', { name: 'Duplicate' }).waitFor()
	await page.keyboard.press('Escape')
	await page.getByRole('menu').waitFor({ state: 'detached' })
	await page.keyboard.press('k')
	await page.keyboard.press('o')
	await page.getByLabel('Add keys').waitFor()
	await page.keyboard.press('/')
	await page.keyboard.type('tw')
	await page.getByText('1 upstream found').waitFor()
	await page.keyboard.press('Escape')
	await page.keyboard.press('Shift+T')
	await page.getByRole('dialog', { name: 'Test all upstreams' }).getByText('All 2 answer.').waitFor()
	await page.keyboard.press('Escape')
	await page.getByRole('dialog').waitFor({ state: 'detached' })
	await page.keyboard.press('e')
	await page.getByRole('heading', { level: 1, name: 'two' }).waitFor()
	await page.goBack()
	await waitForList(page)
	await cardOf(page, 'one').waitFor()
	await page.keyboard.press('n')
	await page.getByRole('heading', { level: 1, name: 'Add upstream' }).waitFor()
})

it.each([
	['en', 'cards'],
	['zh-CN', 'list'],
] as const)('is accessible in %s as %s with keys and notices, in both themes', async (locale, view) => {
	const [id] = await begin(['one', 'two'], threeKeys)
	const page = await admin.open(`/?view=${view}&keys=${id}`, { locale })
	await page.locator('ol [data-sort-item]').first().waitFor()
	await expectAccessible(page)
})

it('never scrolls sideways, however long the words are', async () => {
	const [id] = await begin([`an upstream whose name is far too long ${'x'.repeat(50)}`, 'two'], threeKeys)
	const page = await admin.open(`/?keys=${id}`, { locale: 'en-XA' })
	await page.locator('ol [data-sort-item]').first().waitFor()
	await expectNoSidewaysScroll(page)
	await page.getByRole('radio').last().check({ force: true })
	await expectNoSidewaysScroll(page, [960, 1279])
})
