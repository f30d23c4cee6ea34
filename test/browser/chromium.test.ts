import { chromium } from 'playwright-core'
import { expect, it } from 'vitest'
import { describeBrowser } from '../support/chromium.ts'

it.each(['npm', 'system'] as const)('draws Chinese with the browser from %s', async source => {
	const options = await describeBrowser(source)
	const { existsSync } = await import('node:fs')
	if (!existsSync(options.executablePath ?? '')) return expect(source).toBe('system')
	const browser = await chromium.launch(options)
	try {
		const page = await browser.newPage({ viewport: { width: 300, height: 80 } })
		const draw = async (text: string) => {
			await page.setContent(`<p style="font-size:24px">${text}</p>`)
			return (await page.screenshot()).toString('base64')
		}
		// Two characters without glyphs are the same box.
		expect(await draw('渠')).not.toBe(await draw('道'))
	} finally {
		await browser.close()
	}
})
