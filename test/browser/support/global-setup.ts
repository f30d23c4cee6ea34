import { type BrowserServer, chromium } from 'playwright-core'
import type { TestProject } from 'vitest/node'
import { ensureAdmin } from '../../../scripts/lib/ensure-admin.ts'
import { projectRoot } from '../../../scripts/lib/layout.ts'
import { describeBrowser, preferredSource } from '../../support/chromium.ts'

declare module 'vitest' {
	interface ProvidedContext {
		browserEndpoint: string
	}
}

/** One browser and one build of the admin for all files of the run. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
	await ensureAdmin(projectRoot, (_label, work) => work())
	const server = await launch()
	project.provide('browserEndpoint', server.wsEndpoint())
	return () => server.close()
}

/** Where a library is missing that the browser from npm needs, the computer's own may do. */
async function launch(): Promise<BrowserServer> {
	try {
		return await chromium.launchServer(await describeBrowser())
	} catch (error) {
		if (preferredSource() === 'system') throw error
		return chromium.launchServer(await describeBrowser('system')).catch(() => Promise.reject(error))
	}
}
