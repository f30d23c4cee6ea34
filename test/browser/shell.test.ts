import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { useAdmin } from './support/admin.ts'
import { expectFocus } from './support/checks.ts'
import { rest } from './support/traffic.ts'

const admin = useAdmin()

const atHeading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor()

describe('keyboard', () => {
	it('reaches the content first, and every page with the Tab key and Enter', async () => {
		const page = await admin.open('/')
		await atHeading(page, 'Upstreams')
		await page.keyboard.press('Tab')
		await expectFocus(page.getByRole('link', { name: 'Skip to the content' }))
		await page.keyboard.press('Enter')
		await expectFocus(page.locator('#content'))
		await page.getByRole('link', { name: 'Requests' }).focus()
		await page.keyboard.press('Enter')
		await atHeading(page, 'Requests')
		await expect
			.poll(() => page.getByRole('link', { name: 'Requests' }).getAttribute('aria-current'))
			.toBe('page')
	})

	it('goes by two letters, but not while typing or when switched off', async () => {
		const page = await admin.open('/')
		await atHeading(page, 'Upstreams')
		await page.keyboard.press('g')
		await page.keyboard.press('h')
		await atHeading(page, 'History')
		await page.keyboard.press('?')
		const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
		await help.getByRole('switch', { name: 'Single-key shortcuts' }).uncheck()
		await page.keyboard.press('Escape')
		await help.waitFor({ state: 'detached' })
		await page.keyboard.press('g')
		await page.keyboard.press('a')
		// The palette opens still, so the letters before it have been dealt with.
		await page.keyboard.press('Control+k')
		await page.getByRole('dialog', { name: 'Commands' }).waitFor()
		await atHeading(page, 'History')
	})

	it('finds a page in the palette, and gives the focus back', async () => {
		const page = await admin.open('/')
		await atHeading(page, 'Upstreams')
		const opener = page.getByRole('button', { name: 'Commands' }).first()
		await opener.click()
		const dialog = page.getByRole('dialog', { name: 'Commands' })
		await dialog.waitFor()
		await page.keyboard.press('Escape')
		await dialog.waitFor({ state: 'detached' })
		await expectFocus(opener)
		await page.keyboard.press('Control+k')
		await dialog.getByRole('combobox').fill('settin')
		await dialog.locator('[role=option][aria-selected=true]', { hasText: 'Settings' }).waitFor()
		await page.keyboard.press('Enter')
		await atHeading(page, 'Settings')
	})
})

describe('appearance', () => {
	it('changes language and theme at once and remembers them before the next first paint', async () => {
		// The scripts that do not come at the end are errors to the browser.
		const page = await admin.open('/settings', { expected: [/ERR_FAILED|dynamically imported|^uncaught: $/] })
		await page.getByRole('group', { name: 'Theme' }).getByText('Dark').click()
		await page.getByRole('group', { name: 'Language' }).getByText('简体中文').click()
		await atHeading(page, '设置')
		await expect.poll(() => page.title()).toBe('设置 · claude-proxy')
		// Scripts of the app are held back: what is set then was set before the first paint.
		await page.route('**/_app/**/*.js', route => route.abort())
		await page.reload()
		const root = page.locator('html')
		expect(await root.getAttribute('data-theme')).toBe('dark')
		expect(await root.getAttribute('lang')).toBe('zh-CN')
	})

	it('shows the bar at the bottom on phones, a rail at 960 px and words at 1280 px', async () => {
		const page = await admin.open('/', { width: 375 })
		await atHeading(page, 'Upstreams')
		await page.getByRole('button', { name: 'More' }).click()
		await page.getByRole('menuitem', { name: 'Settings' }).click()
		await atHeading(page, 'Settings')
		const linkWidth = async () => (await page.getByRole('link', { name: 'History' }).boundingBox())?.width
		await page.setViewportSize({ width: 960, height: 800 })
		await expect.poll(linkWidth).toBeLessThan(100)
		await page.setViewportSize({ width: 1280, height: 800 })
		await expect.poll(linkWidth).toBeGreaterThan(100)
	})
})

describe('safety', () => {
	it('allows no inline script', async () => {
		const page = await admin.open('/', { expected: [/Content Security Policy/i, /violates/i] })
		const policy = await page.locator('meta[http-equiv=content-security-policy]').getAttribute('content')
		expect(policy).not.toMatch(/script-src[^;]*'unsafe-(inline|eval)'/)
		const ran = await page.evaluate(() => {
			const script = document.createElement('script')
			script.textContent = 'globalThis.ranInline = true'
			document.body.append(script)
			return 'ranInline' in globalThis
		})
		expect(ran).toBe(false)
	})

	it('loads less than 200 kB of JavaScript for the home page, compressed', async () => {
		const page = await admin.open('/')
		await atHeading(page, 'Upstreams')
		await rest(page)
		const urls = await page.evaluate(() =>
			performance
				.getEntriesByType('resource')
				.map(entry => entry.name)
				.filter(name => name.endsWith('.js')),
		)
		expect(urls.length).toBeGreaterThan(3)
		const { gzipSync } = await import('node:zlib')
		const sizes = await Promise.all(
			urls.map(async url => gzipSync(Buffer.from(await (await fetch(url)).arrayBuffer())).length),
		)
		const total = sizes.reduce((sum, size) => sum + size, 0)
		console.log(`home page: ${Math.round(total / 1000)} kB of JavaScript, gzip`)
		expect(total).toBeLessThan(200_000)
	})

	it.each(['en', 'zh-CN'] as const)('asks for all files of a page at once, in %s', async locale => {
		for (const path of [
			'/',
			'/requests',
			'/history',
			'/playground',
			'/upstreams/new',
			'/login',
			'/nowhere',
		]) {
			const page = await admin.open(path, { locale })
			await page.locator('h1').first().waitFor()
			const late = await page.evaluate(() => {
				const known = document.head.querySelectorAll<HTMLLinkElement>('link[rel=modulepreload]')
				const early = new Set([...known].map(({ href }) => href))
				// By then all of them have been asked for: the first question to the server comes from a page that runs.
				const entries = performance.getEntriesByType('resource')
				const runs =
					entries.find(({ name }) => /\/(?:api|health)/.test(name))?.startTime ?? Number.POSITIVE_INFINITY
				return entries
					.filter(
						({ name, startTime }) => name.endsWith('.js') && name.includes('/_app/') && startTime < runs,
					)
					.map(({ name }) => name)
					.filter(name => !early.has(name))
			})
			expect([path, late]).toEqual([path, []])
		}
	})
})
