import type { Server } from 'node:http'

/** Listens on a free port and says where, as all targets do. */
export function listen(server: Server): void {
	server.listen(0, '127.0.0.1', () => {
		const address = server.address()
		if (typeof address === 'object') process.stdout.write(`http://127.0.0.1:${address?.port}\n`)
	})
	process.on('SIGTERM', () => process.exit())
}
