import { text as readText } from 'node:stream/consumers'
import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { useAdmin } from './support/admin.ts'

/** The one that is exported, and the one that it is imported to. */
const source = useAdmin()
const target = useAdmin()
const secret = 'sk-transfer-secret-0123456789'

beforeAll(async () => {
	await source.proxy.use({ name: 'kimi', type: 'claude', baseUrl: 'http://127.0.0.1:9' }, [secret])
	await target.proxy.use({ name: 'old', type: 'claude', baseUrl: 'http://127.0.0.1:9' })
})

const data = (page: Page) => page.locator('#data')
const review = (page: Page) => page.getByRole('dialog', { name: 'Import this?' })

async function download(page: Page, choice: string) {
	await data(page).getByRole('radio', { name: choice }).check()
	const downloading = page.waitForEvent('download')
	if (choice === 'Sealed') {
		await data(page).getByLabel('Passphrase', { exact: true }).fill('open sesame')
		await data(page).getByLabel('Passphrase again').fill('open sesame')
	}
	await data(page).getByRole('button', { name: 'Download' }).click()
	const file = await downloading
	return { name: file.suggestedFilename(), text: await readText(await file.createReadStream()) }
}

it('exports sealed; the file replaces the configuration of another server after a review', async () => {
	const from = await source.open('/settings')
	const { name, text } = await download(from, 'Sealed')
	expect(name).toMatch(/^claude-proxy-.*\.json$/)
	expect(text).not.toContain('kimi')

	const page = await target.open('/settings', { expected: [/400/] })
	await page.locator('input[type=file]').setInputFiles({
		name,
		mimeType: 'application/json',
		buffer: Buffer.from(text),
	})
	await data(page).getByRole('radio', { name: 'Replace' }).check()
	const passphrase = data(page).getByLabel('Passphrase of the file')
	await passphrase.fill('a wrong one')
	await data(page).getByRole('button', { name: 'Review…' }).click()
	await data(page).getByText('This passphrase does not open the file.').waitFor()
	expect(await passphrase.inputValue()).toBe('a wrong one')
	await passphrase.fill('open sesame')
	await data(page).getByRole('button', { name: 'Review…' }).click()
	await review(page)
		.getByRole('heading', { name: /^Added/ })
		.waitFor()
	await review(page)
		.getByRole('heading', { name: /^Deleted/ })
		.waitFor()
	await expect
		.poll(() => review(page).locator('summary').allTextContents())
		.toEqual([expect.stringContaining('kimi'), expect.stringContaining('old')])
	expect((await target.proxy.repository.read()).upstreams.map(upstream => upstream.name)).toEqual(['old'])
	await review(page).getByRole('button', { name: 'Replace the configuration' }).click()
	await page.getByText('The file is imported.').waitFor()
	const { upstreams } = await target.proxy.repository.read()
	expect(upstreams.map(upstream => upstream.name)).toEqual(['kimi'])
	expect(upstreams[0]?.keys).toHaveLength(1)
	expect(await page.content()).not.toContain(secret)
	await page.getByRole('button', { name: 'Undo' }).click()
	await expect
		.poll(async () => (await target.proxy.repository.read()).upstreams.map(upstream => upstream.name))
		.toEqual(['old'])
})

it('asks twice for a passphrase, and exports nothing when they differ', async () => {
	const page = await source.open('/settings')
	await data(page).getByRole('radio', { name: 'Sealed' }).check()
	await data(page).getByRole('button', { name: 'Download' }).click()
	await data(page).getByText('Give a passphrase.').waitFor()
	await data(page).getByLabel('Passphrase', { exact: true }).fill('one')
	await data(page).getByLabel('Passphrase again').fill('two')
	await data(page).getByRole('button', { name: 'Download' }).click()
	await data(page).getByText('The two are not the same.').waitFor()
})

it('writes no secret without being asked to, and the older format only with keys', async () => {
	const page = await source.open('/settings')
	expect((await download(page, 'Without keys')).text).not.toContain(secret)
	expect((await download(page, 'In plain text')).text).toContain(secret)
	await data(page).getByText('config.json', { exact: true }).click()
	await data(page).getByRole('radio', { name: 'Sealed', disabled: true }).waitFor()
	const older = await download(page, 'In plain text')
	expect(older.name).toBe('config.json')
})

it('says what is wrong with a pasted file, and merges nothing that changed since the review', async () => {
	const page = await target.open('/settings', { expected: [/400/, /409/] })
	const text = data(page).getByLabel('Text of the file')
	await data(page).getByRole('button', { name: 'Review…' }).click()
	await data(page).getByText('Choose a file or paste its text.').waitFor()
	await text.fill('{ "upstreams": [,] }')
	await data(page).getByRole('button', { name: 'Review…' }).click()
	await data(page).getByText('The file cannot be imported').waitFor()
	expect(await text.inputValue()).toBe('{ "upstreams": [,] }')
	const other = await source.open('/settings')
	const { text: exported } = await download(other, 'Without keys')
	await text.fill(exported)
	await data(page).getByRole('button', { name: 'Review…' }).click()
	await review(page).getByRole('button', { name: 'Import', exact: true }).waitFor()
	await target.proxy.repository.changeSettings({ strategy: 'random' }, { author: 'cli' })
	await review(page).getByRole('button', { name: 'Import', exact: true }).click()
	await review(page).getByText('The configuration has changed meanwhile').waitFor()
	await review(page).getByRole('button', { name: 'Review again' }).click()
	await review(page).getByRole('button', { name: 'Import', exact: true }).click()
	await page.getByText('The file is imported.').waitFor()
	expect((await target.proxy.repository.read()).upstreams.map(upstream => upstream.name).sort()).toEqual([
		'kimi',
		'old',
	])
})
