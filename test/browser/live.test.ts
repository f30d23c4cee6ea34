import type { Page } from 'playwright-core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Served, useProcesses } from '../outages/processes.ts'
import { findFreePort } from '../support/places/child.ts'
import { type ScriptedUpstream, startAnthropicUpstream } from '../support/upstreams/index.ts'
import { useAdmin } from './support/admin.ts'
import { cardOf } from './upstreams-support.ts'

/** The server and the command line as processes of their own, as they are installed. */
const processes = useProcesses()
const admin = useAdmin()
const key = 'sk-ant-live-0123456789abcdef'
let upstream: ScriptedUpstream
let served: Served
let port: string

beforeEach(async () => {
	upstream = await startAnthropicUpstream({ keys: [key] })
	expect(await cli('add', 'kimi', 'claude', upstream.url, '--key', key)).toMatchObject({ code: 0 })
	expect(await cli('add', 'other', 'claude', upstream.url, '--key', key)).toMatchObject({ code: 0 })
	port = `${await findFreePort()}`
	served = await processes.serve({ PORT: port })
})
afterEach(() => upstream.close())

const cli = (...argv: string[]) => processes.cli(argv)
const open = (path: string, options = {}) => admin.open(path, { url: served.url, ...options })

/** Nothing that a page holds in its memory outlives a reload. */
const mark = (page: Page) => page.evaluate(() => void Object.assign(globalThis, { stayed: true }))
const expectNoReload = async (page: Page) =>
	expect(await page.evaluate(() => 'stayed' in globalThis)).toBe(true)

async function typeDescription(page: Page): Promise<void> {
	await page.locator('[data-upstream]').getByRole('link', { name: 'kimi', exact: true }).click()
	await page.getByLabel('Description').fill('typed for a long time')
}
const readDescription = (page: Page) => page.getByLabel('Description').inputValue()

it('shows what the command line, another person and the proxy change, and loses nothing that is typed', async () => {
	const page = await open('/')
	const form = await open('/', { expected: [/status of 409/] })
	const another = await open('/')
	for (const each of [page, form]) await mark(each)
	await typeDescription(form)

	// It is shown before the server has done it.
	const done = another.waitForResponse('**/api/current')
	await cardOf(another, 'other').getByRole('button', { name: 'Set current' }).click()
	await cardOf(another, 'other').getByText('Answers requests').waitFor()
	await done
	upstream.keyFaults.set(key, upstream.faults.quota)
	await served.ask({ model: 'claude-opus-5-5', max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }] })
	expect(await cli('update', 'other', '--name', 'renamed')).toMatchObject({ code: 0 })
	expect(await cli('update', 'kimi', '--website', 'https://kimi.example')).toMatchObject({ code: 0 })
	await cardOf(page, 'renamed').getByText('Answers requests').waitFor()
	await page.getByText('All keys of renamed are cooling').waitFor()

	expect(await readDescription(form)).toBe('typed for a long time')
	await form.getByRole('button', { name: 'Save', exact: true }).click()
	const dialog = form.getByRole('dialog', { name: 'Somebody else changed this upstream' })
	await dialog.getByText('https://kimi.example').waitFor()
	await dialog.getByRole('button', { name: 'Save mine over it' }).click()
	await form.getByRole('heading', { level: 1, name: 'Upstreams' }).waitFor()
	const { output } = await cli('show', 'kimi', '--json')
	expect(output).toContain('typed for a long time')
	expect(output).toContain('https://kimi.example')
	for (const each of [page, form]) await expectNoReload(each)
})

it('says that the server is gone, shows what it knew, and is back by itself when the server is', async () => {
	// The form may save before it has heard of the change to the other upstream: it is told so, and saves again.
	const expected = [/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE/, /status of 409/]
	const page = await open('/', { expected })
	const form = await open('/', { expected, beside: page })
	for (const each of [page, form]) await mark(each)
	await typeDescription(form)
	await cardOf(page, 'kimi').waitFor()

	served.child.kill('SIGKILL')
	await page.getByText(/The server cannot be reached\. What you see is from \d/).waitFor()
	expect(await cardOf(page, 'kimi').isVisible()).toBe(true)
	await form.getByRole('button', { name: 'Save', exact: true }).click()
	await form.getByRole('alert').first().waitFor()
	expect(await readDescription(form)).toBe('typed for a long time')

	served = await processes.serve({ PORT: port })
	await page.getByText('The server cannot be reached').waitFor({ state: 'detached', timeout: 60_000 })
	expect(await cli('update', 'other', '--name', 'after the outage')).toMatchObject({ code: 0 })
	await cardOf(page, 'after the outage').waitFor()
	await form.getByRole('button', { name: 'Save', exact: true }).click()
	await form.getByRole('heading', { level: 1, name: 'Upstreams' }).waitFor()
	expect((await cli('show', 'kimi', '--json')).output).toContain('typed for a long time')
	for (const each of [page, form]) await expectNoReload(each)
})
