import { spawn } from 'node:child_process'
import { join } from 'node:path'

/**
 * Starts the admin with hot reload beside the proxy; it forwards /health, /v1 and /api to the proxy's port
 * (web/vite.config.ts). A process of its own, since SvelteKit needs web/ as its working directory.
 */
export function startAdminDev(root: string): void {
	const server = spawn(process.execPath, [join(import.meta.dirname, 'admin-dev-server.ts')], {
		cwd: join(root, 'web'),
		stdio: ['pipe', 'inherit', 'inherit'],
	})
	server.on('error', error =>
		process.stderr.write(`the admin's dev server did not start: ${error.message}\n`),
	)
}
