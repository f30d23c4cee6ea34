import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { call, hello } from '../support/call.ts'
import { accessKey } from '../support/proxy.ts'
import {
	type ScriptedUpstream,
	startAnthropicUpstream,
	startOpenAiUpstream,
} from '../support/upstreams/index.ts'
import { useAdmin } from './support/admin.ts'
import { expectFocus } from './support/checks.ts'
import { cardOf, pasteText, undoOf, waitForList } from './upstreams-support.ts'

const admin = useAdmin()
const key = 'sk-journey-0123456789abcdef'
let first: ScriptedUpstream
let second: ScriptedUpstream

beforeAll(async () => {
	first = await startOpenAiUpstream({ keys: [key] })
	second = await startAnthropicUpstream({ keys: [key] })
})
afterAll(() => Promise.all([first.close(), second.close()]))

const atHeading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor()
const goTo = (page: Page, name: string) => page.getByRole('link', { name, exact: true }).first().click()
const atStep = (page: Page, name: string) =>
	page.locator('[aria-current="step"]', { hasText: name }).waitFor()
const readConfig = () => admin.proxy.repository.read()
const find = async (name: string) => (await readConfig()).upstreams.find(upstream => upstream.name === name)

/** A client of the proxy asks; what it is told, once the admin may know of it. */
async function ask(model: string): Promise<string> {
	const { body } = await call(admin.proxy, { ...hello, model })
	await admin.proxy.services.flush()
	return body.content[0].text
}

it('leads from the first sign-in to a revision that is restored', async () => {
	const page = await admin.open('/', { signedOut: true, expected: [/status of 401/] })
	await page.getByLabel('Admin key').fill(accessKey)
	await page.getByRole('button', { name: 'Sign in' }).click()
	await page.getByRole('link', { name: 'Set up step by step' }).click()
	for (const step of ['Check', 'Secure']) {
		await atStep(page, step)
		await page.getByRole('button', { name: 'Next' }).click()
	}
	await atStep(page, 'First upstream')
	await pasteText(page, `OPENAI_BASE_URL=${first.url}/v1\nOPENAI_API_KEY=${key}`)
	await page.getByLabel('Name').fill('mine')
	await page.getByRole('button', { name: 'Save and test' }).click()
	await page.getByRole('button', { name: 'On to the client' }).click()
	first.script({ text: 'from the first' })
	expect(await ask('gpt-4o')).toBe('from the first')
	await page.getByText('Connected: it works.').waitFor()
	await page.getByRole('link', { name: 'Finish' }).click()

	await cardOf(page, 'mine').getByText('Answers requests').waitFor()
	await page.getByRole('link', { name: 'Add upstream' }).click()
	await page.getByLabel('Base URL').fill(second.url)
	await page.getByLabel('Name').fill('other')
	await page.getByLabel('Keys', { exact: true }).fill(`${key}\nsk-journey-wrong-0123456789`)
	await page.getByRole('button', { name: 'Add upstream' }).click()
	await cardOf(page, 'other').getByRole('button', { name: 'Set current' }).click()
	await cardOf(page, 'other').getByText('Answers requests').waitFor()
	await page.getByRole('button', { name: /^How keys take turns/ }).click()
	await page.getByRole('radio', { name: /^Random/ }).check()
	await expect
		.poll(readConfig)
		.toMatchObject({ strategy: 'random', currentUpstreamId: (await find('other'))?.id })
	await page.keyboard.press('Escape')
	await page.getByRole('button', { name: 'Test all' }).click()
	await page.getByRole('dialog').getByText('All 2 answer.').waitFor()
	await page.keyboard.press('Escape')
	await page.getByRole('dialog').waitFor({ state: 'detached' })
	second.script({ text: 'from the other' }, { text: 'to the playground' })
	expect(await ask('claude-sonnet-5-5')).toBe('from the other')

	await goTo(page, 'Requests')
	await page.locator('main a[href^="/requests/req_"]').first().click()
	await page.getByText(/Answered by other with key sk-….*cdef/).waitFor()
	await goTo(page, 'Activity')
	await page.getByRole('region', { name: 'In this range' }).getByText('2', { exact: true }).first().waitFor()
	await goTo(page, 'Playground')
	await page.getByRole('button', { name: 'Run' }).click()
	await page.getByText('to the playground', { exact: true }).waitFor()

	await goTo(page, 'Upstreams')
	await page.getByRole('button', { name: 'Actions for other' }).click()
	await page.getByRole('menuitem', { name: 'Delete…' }).click()
	await page.getByRole('alertdialog').getByRole('button', { name: 'Delete upstream' }).click()
	await cardOf(page, 'other').waitFor({ state: 'detached' })
	await goTo(page, 'History')
	await page.locator('a[data-revision]').nth(1).click()
	await page.getByRole('button', { name: 'Restore…' }).click()
	await page.getByRole('dialog').getByRole('button', { name: 'Restore', exact: true }).click()
	await page.getByRole('dialog').waitFor({ state: 'detached' })
	const { upstreams, currentUpstreamId } = await readConfig()
	expect(upstreams.map(({ name, keys }) => [name, keys.length])).toEqual([
		['mine', 1],
		['other', 2],
	])
	expect(upstreams.find(({ id }) => id === currentUpstreamId)?.name).toBe('other')
	await admin.proxy.services.config.refresh()
	second.script({ text: 'from the restored one' })
	expect(await ask('claude-sonnet-5-5')).toBe('from the restored one')
})

/** Presses a key until something is reached, as somebody does who sees where the focus is. */
async function pressUntilFocused(page: Page, press: 'Tab' | 'ArrowDown', target: Locator): Promise<void> {
	for (let count = 0; count < 60; count++) {
		await page.keyboard.press(press)
		if (await target.evaluateAll(all => all.includes(document.activeElement as HTMLElement))) return
	}
	throw new Error(`${press} does not reach ${target}`)
}

it('needs no pointer: adds an upstream, orders, chooses, pauses a key, undoes, and finds its way', async () => {
	const by = { author: 'cli', message: 'test' } as const
	for (const { id } of (await readConfig()).upstreams) await admin.proxy.repository.removeUpstream(id, by)
	await admin.proxy.use({ name: 'there', type: 'claude', baseUrl: second.url }, [key])
	const page = await admin.open('/')
	await cardOf(page, 'there').waitFor()
	const tabTo = (target: Locator) => pressUntilFocused(page, 'Tab', target)

	await page.keyboard.press('n')
	await expectFocus(page.getByRole('heading', { level: 1, name: 'Add upstream' }))
	await tabTo(page.getByLabel('Base URL'))
	await page.keyboard.type(second.url)
	await tabTo(page.getByLabel('Name'))
	await page.keyboard.type('added')
	await tabTo(page.getByLabel('Keys', { exact: true }))
	await page.keyboard.type(key)
	await page.keyboard.press('Control+Enter')
	await waitForList(page)
	await cardOf(page, 'added').waitFor()

	await tabTo(page.getByRole('button', { name: 'Move added', exact: true }))
	for (const pressed of ['Space', 'ArrowUp', 'Space']) await page.keyboard.press(pressed)
	await expect
		.poll(async () => (await readConfig()).upstreams.map(({ name }) => name))
		.toEqual(['added', 'there'])

	await page.keyboard.press('u')
	await cardOf(page, 'added').getByText('Answers requests').waitFor()
	await page.keyboard.press('o')
	await page.getByLabel('Add keys').waitFor()
	await tabTo(page.getByRole('button', { name: /^Actions for key/ }))
	await page.keyboard.press('Enter')
	const pause = page.getByRole('menuitem', { name: 'Pause', exact: true })
	await pause.waitFor()
	if (!(await pause.evaluate(element => element === document.activeElement)))
		await pressUntilFocused(page, 'ArrowDown', pause)
	await page.keyboard.press('Enter')
	await page.locator('ol').getByText('Paused').waitFor()
	await tabTo(undoOf(page, /^Key .* is paused/))
	await page.keyboard.press('Enter')
	await page.locator('ol').getByText('Paused').waitFor({ state: 'detached' })

	await page.keyboard.press('Control+k')
	const palette = page.getByRole('dialog', { name: 'Commands' })
	await expectFocus(palette.getByRole('combobox'))
	await page.keyboard.type('histor')
	await palette.locator('[role=option][aria-selected=true]', { hasText: 'History' }).waitFor()
	await page.keyboard.press('Enter')
	await atHeading(page, 'History')
	await page.locator('a[data-revision]').first().waitFor()
	await page.keyboard.press('j')
	await page.keyboard.press('Enter')
	await page.getByRole('button', { name: 'Restore…' }).waitFor()
})
