import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { rest } from './traffic.ts'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** No finding of axe that is serious or critical, in either theme. */
export async function expectAccessible(page: Page): Promise<void> {
	expect(await findBarriers(page)).toEqual([])
}

/**
 * What axe finds to be serious or critical, in either theme. The script comes in by the debugger, which the page's
 * content security policy does not concern.
 */
export async function findBarriers(page: Page): Promise<string[]> {
	await rest(page)
	await page.evaluate(axeSource)
	const found = await listFindings(page, {})
	// The other theme has other colours, and nothing else.
	await page.emulateMedia({ colorScheme: await otherTheme(page) })
	await endTransitions(page)
	found.push(...(await listFindings(page, { runOnly: ['color-contrast'] })))
	await page.emulateMedia({ colorScheme: await otherTheme(page) })
	return found
}

async function listFindings(page: Page, options: object): Promise<string[]> {
	const results = await page.evaluate(
		given =>
			(globalThis as unknown as { axe: { run(options: object): Promise<AxeResults> } }).axe.run({
				resultTypes: ['violations'],
				// What it would fetch is for rules that are not on.
				preload: false,
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

/** How far things moved by themselves while the page came together, when that is more than nobody sees. */
export async function findShifts(page: Page): Promise<string[]> {
	const shift = await page.evaluate(
		() =>
			new Promise<number>(resolve => {
				let sum = 0
				const add = (entries: PerformanceEntryList) => {
					for (const entry of entries as (PerformanceEntry & { value: number; hadRecentInput: boolean })[])
						if (!entry.hadRecentInput) sum += entry.value
				}
				const observer = new PerformanceObserver(list => add(list.getEntries()))
				observer.observe({ type: 'layout-shift', buffered: true })
				// What is buffered comes before the next frame.
				requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)))
			}),
	)
	return shift < 0.01 ? [] : [`moves by itself: ${shift.toFixed(3)}`]
}

/** From a small phone to a large screen, and both sides of each point where the layout changes. */
const widths = [320, 375, 414, 768, 959, 960, 1024, 1279, 1280, 1440, 1920] as const

/** Nothing sticks out at the side, at any width. */
export async function expectNoSidewaysScroll(page: Page, at: readonly number[] = widths): Promise<void> {
	expect(await findExcess(page, at)).toEqual([])
}

/** The widths at which something sticks out at the side, and by how much. */
export async function findExcess(page: Page, at: readonly number[] = widths): Promise<string[]> {
	const wide: string[] = []
	for (const width of at) {
		await page.setViewportSize({ width, height: 800 })
		// Another layout may show other things, and has to ask for them.
		await rest(page)
		const excess = await page.evaluate(() => {
			const root = document.documentElement
			return root.scrollWidth - root.clientWidth
		})
		if (excess > 0) wide.push(`${width} px: ${excess} px too wide`)
	}
	return wide
}

/** The focus moves a moment after what moves it. */
export async function expectFocus(target: Locator): Promise<void> {
	await expect.poll(() => target.evaluate(element => element === document.activeElement)).toBe(true)
}

/** What a field comes to hold; `toBe` at once would see what it held before. */
export async function expectValue(field: Locator, value: string): Promise<void> {
	await expect.poll(() => field.inputValue()).toBe(value)
}
