import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/**
 * No finding of axe that is serious or critical, in either theme. The script comes in by the debugger, which the
 * page's content security policy does not concern.
 */
export async function expectAccessible(page: Page): Promise<void> {
	await page.evaluate(axeSource)
	const found = await listFindings(page, {})
	// The other theme has other colours, and nothing else.
	await page.emulateMedia({ colorScheme: await otherTheme(page) })
	await endTransitions(page)
	found.push(...(await listFindings(page, { runOnly: ['color-contrast'] })))
	await page.emulateMedia({ colorScheme: await otherTheme(page) })
	expect(found).toEqual([])
}

async function listFindings(page: Page, options: object): Promise<string[]> {
	const results = await page.evaluate(
		given =>
			(globalThis as unknown as { axe: { run(options: object): Promise<AxeResults> } }).axe.run({
				resultTypes: ['violations'],
				...given,
			}),
		options,
	)
	const serious = results.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
	return serious.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html).join(' | ')}`)
}

/** Colours on their way from one theme to the other have no contrast to judge. */
async function endTransitions(page: Page): Promise<void> {
	await page.evaluate(async () => {
		await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))
		for (const animation of document.getAnimations()) {
			if (animation instanceof CSSTransition) animation.finish()
		}
	})
}

async function otherTheme(page: Page): Promise<'light' | 'dark'> {
	return (await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)) ? 'light' : 'dark'
}

const widths = [320, 375, 768, 959, 960, 1279, 1280, 1920] as const

/** Nothing sticks out at the side, at any width from a small phone to a large screen. */
export async function expectNoSidewaysScroll(page: Page, at: readonly number[] = widths): Promise<void> {
	const wide: string[] = []
	for (const width of at) {
		await page.setViewportSize({ width, height: 800 })
		const excess = await page.evaluate(() => {
			const root = document.documentElement
			return root.scrollWidth - root.clientWidth
		})
		if (excess > 0) wide.push(`${width} px: ${excess} px too wide`)
	}
	expect(wide).toEqual([])
}
