import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest'
import { projectRoot } from '../../../scripts/lib/layout.ts'
import { accessKey, startProxy, type TestProxy } from '../../support/proxy.ts'
import { type ContextPool, createContextPool } from './contexts.ts'
import { followPage } from './traffic.ts'

export interface OpenOptions {
	locale?: 'en' | 'zh-CN' | 'en-XA'
	theme?: 'light' | 'dark'
	density?: 'comfortable' | 'compact'
	width?: number
	height?: number
	/** Without a session: what somebody sees who has not signed in. */
	signedOut?: boolean
	/** Console errors that belong to the test, such as a 401 that is asked for. */
	expected?: readonly RegExp[]
	/** Another page of the same person: shares cookies and storage. */
	beside?: Page
	/** Of another server, when it is not the one of this file. */
	url?: string
}

export interface Admin {
	readonly proxy: TestProxy
	/** A page at a path of the admin. Everything opened is closed after the test. */
	open(path: string, options?: OpenOptions): Promise<Page>
}

const failureFolder = join(projectRoot, '.cache/browser-failures')

/** So many times slower than it is: pages as they are on a small or busy computer. */
const slowdown = Number(process.env.TEST_CPU_SLOWDOWN ?? 1)

/** Messages of the browser about a request that the page itself handles. */
const ignored = [/favicon/, /status of 409/]

/**
 * For the top of a test file: the real server with the built admin on a database of its own, and pages of the shared
 * browser. A page that logs an error, throws, or breaks the content security policy fails its test; what a failed
 * test had on screen is in .cache/browser-failures.
 */
export function useAdmin(variables: Record<string, string> = {}): Admin {
	let browser: Browser
	let proxy: TestProxy
	let contexts: ContextPool
	let pages: Page[] = []
	let complaints: string[] = []

	beforeAll(async () => {
		proxy = await startProxy(variables, 'node', { admin: true })
		browser = await chromium.connect(inject('browserEndpoint'))
		contexts = createContextPool(browser)
	})
	afterEach(async ({ task }) => {
		const failed = task.result?.state === 'fail'
		if (failed) await Promise.all(pages.map((page, place) => photograph(page, `${task.name} ${place}`)))
		await Promise.all(pages.map(page => page.close()))
		await contexts.takeBack()
		pages = []
		const found = complaints
		complaints = []
		if (!failed) expect(found).toEqual([])
	})
	afterAll(async () => {
		await browser.close()
		await proxy.close()
	})

	return {
		get proxy() {
			return proxy
		},
		async open(path, options = {}) {
			const context = options.beside?.context() ?? (await contexts.get(options))
			const { url = proxy.url } = options
			if (!options.beside && !options.signedOut) await signIn(context, url)
			const page = await preparePage(context, options)
			pages.push(page)
			watch(page, [...ignored, ...(options.expected ?? [])], complaints)
			await page.goto(`${url}${path}`)
			await page.locator('main').first().waitFor()
			return page
		},
	}
}

async function preparePage(context: BrowserContext, options: OpenOptions): Promise<Page> {
	const { locale = 'en', theme = 'light', density = 'comfortable', width = 1280, height = 800 } = options
	const page = await context.newPage()
	await page.emulateMedia({ colorScheme: theme })
	await page.setViewportSize({ width, height })
	followPage(page)
	if (slowdown > 1) {
		const session = await context.newCDPSession(page)
		await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
	}
	if (options.beside) return page
	const stored = { 'claude-proxy.locale': locale, 'claude-proxy.density': density }
	// Before the first script of the first page; later pages find what the test did meanwhile.
	await page.addInitScript(values => {
		if (sessionStorage.getItem('begun') !== null) return
		localStorage.clear()
		for (const [name, value] of Object.entries(values)) localStorage.setItem(name, value)
		sessionStorage.setItem('begun', 'yes')
	}, stored)
	return page
}

/** By the API: how the form does it is the business of login.test.ts. */
async function signIn(context: BrowserContext, url: string): Promise<void> {
	const response = await context.request.post(`${url}/api/session`, { data: { key: accessKey } })
	if (!response.ok())
		throw new Error(`signing in was answered ${response.status()}: ${await response.text()}`)
}

function watch(page: Page, expected: readonly RegExp[], complaints: string[]): void {
	const complain = (text: string) => {
		if (!expected.some(pattern => pattern.test(text))) complaints.push(text)
	}
	page.on('pageerror', error => complain(`uncaught: ${error.stack ?? error.message}`))
	page.on('console', message => {
		if (message.type() === 'error') complain(`console: ${message.text()} ${message.location().url}`)
	})
}

async function photograph(page: Page, name: string): Promise<void> {
	mkdirSync(failureFolder, { recursive: true })
	const file = join(failureFolder, `${name.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 120)}.png`)
	await page.screenshot({ path: file, timeout: 5000 }).catch(() => undefined)
}
