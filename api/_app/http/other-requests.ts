import { getRequestListener } from '@hono/node-server'
import { createApp } from '../app.ts'
import type { AppServices } from '../services.ts'
import { addStaticFiles } from './static-files.ts'

/** What node-server.ts does not answer itself: the admin, its pages, metrics, and paths where nothing is. */
export function createOtherListener(services: AppServices, adminRoot: string | undefined) {
	const app = createApp(services)
	if (adminRoot !== undefined) addStaticFiles(app, adminRoot)
	return getRequestListener(app.fetch, { overrideGlobalObjects: false })
}
