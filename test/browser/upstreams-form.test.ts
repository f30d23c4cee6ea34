import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { accessKey } from '../support/proxy.ts'
import { type ScriptedUpstream, startAnthropicUpstream } from '../support/upstreams/index.ts'
import { fillRequests } from './requests-support.ts'
import { useAdmin } from './support/admin.ts'
import { expectAccessible, expectFocus, expectNoSidewaysScroll, expectValue } from './support/checks.ts'
import { rest } from './support/traffic.ts'
import { cardOf, pasteText, waitForList } from './upstreams-support.ts'

const admin = useAdmin()
const by = { author: 'cli', message: 'test' } as const
const key = 'sk-ant-good-0123456789abcdef'
let service: ScriptedUpstream

beforeAll(async () => {
	service = await startAnthropicUpstream({ keys: [key] })
})
afterAll(() => service.close())

let count = 0
/** An upstream of its own for a test. */
async function make(more: object = {}): Promise<{ id: string; name: string }> {
	const name = `upstream ${++count}`
	const { id } = await admin.proxy.repository.addUpstream(
		{ name, type: 'claude', baseUrl: service.url, ...more },
		by,
		[key],
	)
	await admin.proxy.services.config.refresh()
	return { id, name }
}

const find = async (id: string) =>
	(await admin.proxy.repository.read()).upstreams.find(upstream => upstream.id === id)
const expectFocusedField = (page: Page) =>
	expect.poll(() =>
		page.evaluate(
			() => document.activeElement?.getAttribute('data-field') ?? document.activeElement?.tagName,
		),
	)
const toTab = (page: Page, name: string | RegExp) => page.getByRole('tab', { name }).click()

it('fills in a service, shows what will be called, and saves with Ctrl+Enter', async () => {
	const page = await admin.open('/upstreams/new')
	await page.getByLabel('Service').fill('deeps')
	await page.getByRole('option', { name: /DeepSeek/ }).click()
	await page.getByText('https://api.deepseek.com/anthropic/v1/messages').waitFor()
	await page.getByRole('group', { name: 'Way to speak to it' }).getByText('OpenAI').click()
	await page.getByText('https://api.deepseek.com/v1/chat/completions').waitFor()
	await page.getByLabel('Do not add a version').check()
	await page.getByText('https://api.deepseek.com/chat/completions').waitFor()
	await expectValue(page.getByLabel('Name'), 'deepseek')
	await page.getByLabel('Name').press('Control+Enter')
	await waitForList(page)
	await cardOf(page, 'deepseek').waitFor()
	const saved = (await admin.proxy.repository.read()).upstreams.find(({ name }) => name === 'deepseek')
	expect(saved).toMatchObject({ type: 'openaiold', baseUrl: 'https://api.deepseek.com#' })
})

it('undoes a paste, and never keeps the text', async () => {
	const page = await admin.open('/upstreams/new')
	await page.getByLabel('Base URL').fill('https://mine.example')
	await pasteText(
		page,
		`{"env":{"ANTHROPIC_BASE_URL":"https://other.example","ANTHROPIC_AUTH_TOKEN":"${key}"}}`,
		'Paste anything',
	)
	await page.getByText('Filled in from what you pasted').waitFor()
	await expectValue(page.getByLabel('Base URL'), 'https://other.example')
	await expectValue(page.getByLabel('Paste anything'), '')
	await page.getByRole('button', { name: 'Undo' }).click()
	await expectValue(page.getByLabel('Base URL'), 'https://mine.example')
	await expectValue(page.getByLabel('Keys', { exact: true }), '')
	await pasteText(page, 'good morning', 'Paste anything')
	await page.getByText('There is no URL and no key in this.').waitFor()
})

it('says what is wrong beside the field, puts the focus there, and leads to the other tabs', async () => {
	const { name } = await make()
	const page = await admin.open('/upstreams/new')
	await page.getByLabel('Name').fill(name.toUpperCase())
	await page.getByText('Another upstream has this name.').waitFor()
	await page.getByRole('button', { name: 'Add upstream' }).click()
	await page.getByText('2 things need a look').waitFor()
	await expectFocusedField(page).toBe('baseUrl')
	await page.getByLabel('Base URL').fill('https://host.example')
	await page.getByLabel('Name').fill('another name')
	await toTab(page, /Advanced/)
	await page.getByLabel('Longest silence').fill('soon')
	await page.getByRole('button', { name: 'Add header' }).click()
	await page.getByLabel('Header 1: name').fill('host')
	await page.getByLabel('Header 1: value').fill('x')
	await toTab(page, 'Basic')
	await page.getByRole('button', { name: 'Add upstream' }).click()
	await page.getByText('The proxy sets this header itself.').waitFor()
	await expectFocusedField(page).toBe('timeoutMs')
	await expectAccessible(page)
})

it('asks before a key goes to the host of somebody else', async () => {
	const page = await admin.open('/upstreams/new')
	await page.getByLabel('Base URL').fill('https://relay.example')
	await page.getByLabel('Name').fill('relay')
	await page.getByLabel('Keys', { exact: true }).fill(key)
	await page.getByRole('button', { name: 'Add upstream' }).click()
	const dialog = page.getByRole('alertdialog', { name: 'Send a key of Anthropic to relay.example?' })
	await dialog.getByRole('button', { name: 'Cancel' }).click()
	await dialog.waitFor({ state: 'detached' })
	expect((await admin.proxy.repository.read()).upstreams.map(({ name }) => name)).not.toContain('relay')
	await page.getByRole('button', { name: 'Add upstream' }).click()
	await dialog.getByRole('button', { name: 'Add it anyway' }).click()
	await cardOf(page, 'relay').waitFor()
})

it('maps models, tries the map out, and fetches what there is', async () => {
	const { id } = await make({ modelMap: { haiku: 'small' } })
	const page = await admin.open(`/upstreams/${id}?tab=models`)
	await page.getByLabel('Try a name').fill('claude-opus-4-5')
	await page.getByText('no rule fits, so it stays as it is').waitFor()
	await page.getByRole('button', { name: 'Map opus' }).click()
	await expectFocusedField(page).toBe('INPUT')
	await page.keyboard.type('large')
	await page.getByText('by the rule for opus').waitFor()
	await page.keyboard.press('Escape')
	await page.getByRole('button', { name: 'Fetch models' }).click()
	await page.getByText(/models? to choose from/).waitFor()
	await page.getByRole('button', { name: 'Save', exact: true }).click()
	await waitForList(page)
	expect((await find(id))?.modelMap).toEqual({ haiku: 'small', opus: 'large' })
})

it('keeps hidden headers, and takes typing the host to stop checking certificates', async () => {
	const { id } = await make({ extraHeaders: { 'x-secret': 'hush-hush-value' } })
	const page = await admin.open(`/upstreams/${id}?tab=advanced`)
	expect(await page.getByLabel('Header 1: value').inputValue()).toBe('')
	await page.getByRole('button', { name: 'Add header' }).click()
	await page.getByLabel('Header 2: name').fill('x-team')
	await page.getByLabel('Header 2: value').fill('blue')
	await page.getByRole('switch', { name: /Accept any TLS certificate/ }).click()
	const dialog = page.getByRole('alertdialog')
	await dialog.getByRole('textbox').fill(new URL(service.url).host)
	await dialog.getByRole('button', { name: 'Accept any certificate' }).click()
	await page.getByText('Certificates are not checked').waitFor()
	await page.keyboard.press('Control+s')
	await waitForList(page)
	expect(await find(id)).toMatchObject({
		...{ insecureSkipVerify: true, extraHeaders: { 'x-secret': 'hush-hush-value', 'x-team': 'blue' } },
	})
	expect(await page.content()).not.toContain('hush-hush-value')
})

it('shows both versions when two people change the same upstream', async () => {
	const { id } = await make()
	const mine = await admin.open(`/upstreams/${id}`, { expected: [/status of 409/] })
	const theirs = await admin.open(`/upstreams/${id}`, { beside: mine })
	await mine.getByLabel('Description').fill('mine')
	await mine.getByLabel('Website').fill('https://mine.example')
	await theirs.getByLabel('Description').fill('theirs')
	await theirs.getByRole('button', { name: 'Save', exact: true }).click()
	await waitForList(theirs)
	await mine.getByRole('button', { name: 'Save', exact: true }).click()
	const dialog = mine.getByRole('dialog', { name: 'Somebody else changed this upstream' })
	await dialog.getByText('theirs', { exact: true }).waitFor()
	await dialog.getByText('mine', { exact: true }).waitFor()
	await dialog.getByRole('button', { name: 'Save mine over it' }).click()
	await waitForList(mine)
	expect(await find(id)).toMatchObject({ description: 'mine', website: 'https://mine.example' })
})

it('does not bother with what others change elsewhere', async () => {
	const { id } = await make()
	const page = await admin.open(`/upstreams/${id}`, { expected: [/status of 409/] })
	await page.getByLabel('Description').fill('mine')
	await make()
	await page.getByRole('button', { name: 'Save', exact: true }).click()
	await waitForList(page)
	expect((await find(id))?.description).toBe('mine')
})

it('keeps what was typed when the session ends, and saves it after signing in again', async () => {
	const { id } = await make()
	const page = await admin.open(`/upstreams/${id}`, { expected: [/status of 401/] })
	await page.getByLabel('Description').fill('typed for a long time')
	await page.context().clearCookies()
	await page.evaluate(() => window.dispatchEvent(new Event('focus')))
	const dialog = page.getByRole('dialog', { name: 'Sign in again' })
	await dialog.getByLabel('Admin key').fill(accessKey)
	await dialog.getByLabel('Admin key').press('Enter')
	await dialog.waitFor({ state: 'detached' })
	expect(await page.getByLabel('Description').inputValue()).toBe('typed for a long time')
	await page.getByRole('button', { name: 'Save', exact: true }).click()
	await waitForList(page)
	expect((await find(id))?.description).toBe('typed for a long time')
})

it('asks before leaving with something typed, and stays when told so', async () => {
	const { id } = await make()
	const page = await admin.open(`/upstreams/${id}`)
	await page.getByLabel('Description').fill('not saved')
	await page.getByRole('link', { name: 'All upstreams' }).click()
	const dialog = page.getByRole('alertdialog', { name: 'Leave without saving?' })
	await dialog.getByRole('button', { name: 'Stay' }).click()
	expect(await page.getByLabel('Description').inputValue()).toBe('not saved')
	await admin.proxy.repository.removeUpstream(id, by)
	await admin.proxy.services.config.refresh()
	await page.evaluate(() => window.dispatchEvent(new Event('focus')))
	// Deleted by somebody else: what was typed is still there to be copied.
	await page.getByText('This upstream does not exist any more').waitFor()
	expect(await page.getByLabel('Description').inputValue()).toBe('not saved')
	await page.getByRole('link', { name: 'All upstreams' }).click()
	await dialog.getByRole('button', { name: 'Leave' }).click()
	await waitForList(page)
})

it('lies over the list from 960 px on, with an address; Back, Escape and a click beside it close it', async () => {
	const { id, name } = await make()
	const page = await admin.open(`/?keys=${id}`, { height: 400 })
	await cardOf(page, name).getByLabel('Add keys').waitFor()
	const opener = cardOf(page, name).getByRole('link', { name, exact: true })
	const expectTop = (wanted: number) => expect.poll(() => page.evaluate(() => scrollY)).toBe(wanted)
	await rest(page)
	await opener.focus()
	await page.evaluate(() => scrollTo(0, 60))
	const top = await page.evaluate(() => scrollY)
	expect(top).toBeGreaterThan(0)
	await page.keyboard.press('Enter')
	const form = page.getByRole('heading', { level: 1, name })
	await form.waitFor()
	await expectFocus(form)
	await expectTop(top)
	expect(new URL(page.url()).pathname).toBe(`/upstreams/${id}`)
	await expect.poll(() => page.title()).toContain(name)
	const list = page.locator('[inert]').filter({ has: page.locator('[data-upstream]') })
	await expect.poll(() => list.count()).toBe(1)
	await page.keyboard.press('Escape')
	await page.waitForURL(`**/?keys=${id}`)
	await expect.poll(() => page.title()).toContain('Upstreams')
	// As it was left, and where it was left.
	await expect.poll(() => cardOf(page, name).getByLabel('Add keys').count()).toBe(1)
	await expectFocus(opener)
	await expectTop(top)
	await page.keyboard.press('e')
	await page.getByLabel('Description').fill('half done')
	await page.mouse.click(300, 300)
	const dialog = page.getByRole('alertdialog', { name: 'Leave without saving?' })
	await dialog.getByRole('button', { name: 'Stay' }).click()
	await page.setViewportSize({ width: 800, height: 900 })
	await expectValue(page.getByLabel('Description'), 'half done')
	await expect.poll(() => page.locator('[data-upstream]').count()).toBe(0)
	await page.goBack()
	await dialog.getByRole('button', { name: 'Leave' }).click()
	await waitForList(page)
	await form.waitFor({ state: 'detached' })
})

it('shows what the upstream was used for, in a range of its own', async () => {
	const { id, name } = await make()
	await fillRequests(admin.proxy, 7, () => ({ upstreamId: id, upstreamName: name }))
	await fillRequests(admin.proxy, 3, () => ({ upstreamId: 'another', upstreamName: 'another' }))
	const page = await admin.open(`/upstreams/${id}`)
	await toTab(page, 'Activity')
	await page.getByRole('slider', { name: 'Requests' }).locator('canvas').waitFor()
	await page.getByRole('tabpanel').getByText('7', { exact: true }).first().waitFor()
	await page.getByRole('radio', { name: '7 d' }).check({ force: true })
	await page.waitForURL('**/*?tab=activity&range=7d')
	const link = page.getByRole('tabpanel').getByRole('link', { name: 'Activity' })
	await expect.poll(() => link.getAttribute('href')).toBe(`/activity?upstream=${id}&range=7d`)
	await expectAccessible(page)
})

it('is accessible in Chinese, tab by tab, and never scrolls sideways', async () => {
	const { id } = await make({ modelMap: { opus: 'large' }, extraHeaders: { 'x-a': 'b' } })
	const page = await admin.open(`/upstreams/${id}`, { locale: 'zh-CN' })
	for (const tab of [/基本/, /密钥/, /模型/, /高级/, /动态/]) {
		await toTab(page, tab)
		await page.getByRole('tab', { name: tab, selected: true }).waitFor()
		await expectNoSidewaysScroll(page, [320, 960])
	}
	await expectAccessible(page)
})
