import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildAdmin } from '../../scripts/lib/ensure-admin.ts'
import { projectRoot } from '../../scripts/lib/layout.ts'
import { accessKey } from '../support/proxy.ts'
import { type ScriptedUpstream, startAnthropicUpstream } from '../support/upstreams/index.ts'
import { useAdmin } from './support/admin.ts'
import { type StaticSite, startStaticSite } from './support/static-site.ts'
import { cardOf } from './upstreams-support.ts'

/** One build serves all runs: where the server listens is written into it by the host. */
const replaced = { text: 'https://backend.invalid', by: () => admin.proxy.url }
const folder = join(projectRoot, '.cache/admin-apart')
/** Before the server, which is told of its address. */
const site: StaticSite = await startStaticSite(folder, replaced)
const admin = useAdmin({ ADMIN_ORIGINS: site.url })
const key = 'sk-ant-apart-0123456789abcdef'
const by = { author: 'cli', message: 'test' } as const
let upstream: ScriptedUpstream

beforeAll(async () => {
	await buildAdmin(projectRoot, { force: false, folder, backendUrl: replaced.text })
	upstream = await startAnthropicUpstream({ keys: [key] })
	await admin.proxy.use({ name: 'one', type: 'claude', baseUrl: upstream.url }, [key])
	await admin.proxy.repository.addUpstream({ name: 'two', type: 'claude', baseUrl: upstream.url }, by, [key])
	await admin.proxy.services.config.refresh()
}, 600_000)
afterAll(() => Promise.all([site.close(), upstream.close()]))

it('works from another origin: signs in, shows, changes, streams, downloads and stays up to date', async () => {
	const page = await admin.open('/', { url: site.url, signedOut: true, expected: [/status of 401/] })
	await page.getByLabel('Admin key').fill(accessKey)
	await page.getByRole('button', { name: 'Sign in' }).click()
	await cardOf(page, 'one').getByText('Answers requests').waitFor()
	expect(new URL(page.url()).origin).toBe(site.url)

	await cardOf(page, 'two').getByRole('button', { name: 'Set current' }).click()
	await cardOf(page, 'two').getByText('Answers requests').waitFor()
	await page.getByRole('button', { name: 'Test all' }).click()
	await page.getByRole('dialog').getByText('All 2 answer.').waitFor()
	await page.keyboard.press('Escape')
	await page.getByRole('dialog').waitFor({ state: 'detached' })

	const { upstreams } = await admin.proxy.repository.read()
	await expect
		.poll(async () => (await admin.proxy.repository.read()).currentUpstreamId)
		.toBe(upstreams.find(({ name }) => name === 'two')?.id)
	await admin.proxy.repository.updateUpstream(upstreams[0]?.id ?? '', { name: 'renamed elsewhere' }, by)
	await cardOf(page, 'renamed elsewhere').waitFor()

	upstream.script({ text: 'across origins' })
	await page.getByRole('link', { name: 'Playground', exact: true }).click()
	await page.getByRole('button', { name: 'Run' }).click()
	await page.getByText('across origins', { exact: true }).waitFor()
	await page.goto(`${site.url}/connect`)
	await expect
		.poll(async () => JSON.parse((await page.locator('main pre').first().textContent()) ?? ''))
		.toMatchObject({ env: { ANTHROPIC_BASE_URL: admin.proxy.url } })
	await page.goto(`${site.url}/settings`)
	const downloading = page.waitForEvent('download')
	await page.locator('#data').getByRole('button', { name: 'Download' }).click()
	expect((await downloading).suggestedFilename()).toMatch(/\.json$/)
})

it('is refused from an origin that the server does not know, and says what to do', async () => {
	const stranger = await startStaticSite(folder, replaced)
	try {
		const page = await admin.open('/', { url: stranger.url, signedOut: true, expected: [/./] })
		await page.getByText('ADMIN_ORIGINS').first().waitFor()
		expect(await page.getByText('renamed elsewhere').count()).toBe(0)
	} finally {
		await stranger.close()
	}
})
