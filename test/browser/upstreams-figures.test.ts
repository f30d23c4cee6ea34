import { beforeEach, describe, expect, it } from 'vitest'
import { fillRequests } from './requests-support.ts'
import { useAdmin } from './support/admin.ts'
import { expectAccessible, expectFocus } from './support/checks.ts'
import { beginWith, by, cardOf, openKeys, threeKeys } from './upstreams-support.ts'

const admin = useAdmin()
/** Nothing is asked of the upstreams here. */
const nowhere = 'http://127.0.0.1:9'

/** Eight answers of the first key and two failures of requests; four attempts of the second key failed besides. */
async function use(upstreamId: string): Promise<void> {
	const { services } = admin.proxy
	const [first, second] =
		(await services.config.current()).upstreams.find(({ id }) => id === upstreamId)?.keys ?? []
	const now = Date.now()
	await fillRequests(
		admin.proxy,
		10,
		place => ({
			...{ at: now, upstreamId, upstreamName: 'used', keyId: first?.id ?? '', keyMask: first?.mask ?? '' },
			...{ firstContentMs: 800, outcome: place < 2 ? 'server' : 'ok', status: place < 2 ? 500 : 200 },
		}),
		now,
	)
	const times = { baseMs: 300_000, maxMs: 3_600_000, retryAfterMs: 0, ageMs: 0 }
	for (let count = 0; count < 4; count++) {
		const failure = { status: 402, failureClass: 'quota', message: 'no credit left' } as const
		services.proxy.keyHealth.failed({ keyId: second?.id ?? '', scope: '', ...failure, ...times })
	}
	await services.flush()
	await services.config.refresh()
}

describe('figures of 24 hours', () => {
	let ids: string[] = []
	beforeEach(async () => {
		ids = await beginWith(admin, nowhere, ['used', 'idle'], threeKeys)
		await use(ids[0] ?? '')
	})

	it('stand on the card, on each key, and above the list, from where links lead on', async () => {
		const page = await admin.open('/?q=idle')
		await cardOf(page, 'idle').getByText('No requests in 24 h').waitFor()
		const strip = page.getByRole('region', { name: 'At a glance' })
		await strip.getByRole('link', { name: 'used' }).click()
		const card = cardOf(page, 'used')
		await card.getByText('80%').waitFor()
		await expectFocus(card)
		await card.getByText(/p50 [78]\d\d ms/).waitFor()
		await strip.getByText(/^[78]\d\d ms$/).waitFor()
		await openKeys(page, 'used')
		const row = (place: number) => page.locator('ol [data-sort-item]').nth(place)
		await row(0).getByText('24 h: 8 ok').waitFor()
		await row(1).getByText('4 failed').waitFor()
		expect(await row(0).getByText('failed').count()).toBe(0)
		expect(await row(2).getByText('24 h').count()).toBe(0)
		await strip.getByRole('button', { name: 'Failover' }).click()
		await page
			.getByRole('dialog')
			.getByRole('radio', { name: /Round robin/ })
			.waitFor()
		await page.keyboard.press('Escape')
		await strip.getByRole('link', { name: '2', exact: true }).click()
		await page.waitForURL('**/*#upstreams')
	})
})

describe('on a phone', () => {
	it('tools and actions come up from the bottom, and what is chosen there is done', async () => {
		await beginWith(admin, nowhere, ['one', 'two'], threeKeys)
		const page = await admin.open('/', { width: 375 })
		await page.getByRole('button', { name: 'Actions for two' }).click()
		const sheet = page.getByRole('dialog', { name: 'two' })
		await sheet.waitFor()
		await expectAccessible(page)
		await sheet.getByRole('button', { name: 'Move to the top' }).click()
		await expect
			.poll(async () => (await admin.proxy.repository.read()).upstreams.map(({ name }) => name))
			.toEqual(['two', 'one'])
		await sheet.waitFor({ state: 'detached' })
		await page.getByRole('button', { name: 'Actions for two' }).click()
		await sheet.getByRole('button', { name: 'Delete…' }).click()
		await page
			.getByRole('alertdialog', { name: 'Delete two?' })
			.getByRole('button', { name: 'Cancel' })
			.click()
		await page.getByRole('button', { name: 'Tools' }).click()
		const tools = page.getByRole('dialog', { name: 'Tools' })
		await tools.getByRole('radio', { name: /Random/ }).check({ force: true })
		await expect.poll(async () => (await admin.proxy.repository.read()).strategy).toBe('random')
		await expectAccessible(page)
		await tools.getByRole('button', { name: 'Show all keys' }).click()
		await page.getByLabel('Add keys').nth(1).waitFor()
		await page
			.getByRole('button', { name: /^Actions for key .*aaaa$/ })
			.first()
			.click()
		await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click()
		await page.locator('ol [data-sort-item]').first().getByText('Paused').waitFor()
		await admin.proxy.repository.setStrategy('failover', by)
	})
})
