import { chromium } from 'playwright-core'
import type { TestProject } from 'vitest/node'
import { ensureAdmin } from '../../../scripts/lib/ensure-admin.ts'
import { projectRoot } from '../../../scripts/lib/layout.ts'
import { describeBrowser } from '../../support/chromium.ts'

declare module 'vitest' {
	interface ProvidedContext {
		browserEndpoint: string
	}
}

/** One browser and one build of the admin for all files of the run. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
	await ensureAdmin(projectRoot, (_label, work) => work())
	const server = await chromium.launchServer(await describeBrowser())
	project.provide('browserEndpoint', server.wsEndpoint())
	return () => server.close()
}
