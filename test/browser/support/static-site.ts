import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'

const types: Record<string, string> = {
	'.html': 'text/html; charset=utf-8',
	'.js': 'text/javascript; charset=utf-8',
	'.css': 'text/css; charset=utf-8',
	'.svg': 'image/svg+xml',
	'.json': 'application/json',
}

export interface StaticSite {
	url: string
	close(): Promise<void>
}

/**
 * A host of static files, as somebody has who knows nothing of this program: unknown paths get index.html.
 * @param replaced text in the files, and what stands there instead: for addresses that the build could not know
 */
export async function startStaticSite(
	folder: string,
	replaced: { text: string; by: () => string },
): Promise<StaticSite> {
	const read = (path: string) => readFile(join(folder, path))
	const server = createServer(async (request, response) => {
		const path = new URL(request.url ?? '/', 'http://site').pathname
		const found = path === '/' ? undefined : await read(path).catch(() => undefined)
		const type = found ? types[extname(path)] : types['.html']
		const content = found ?? (await read('index.html'))
		response.writeHead(200, { 'content-type': type ?? 'application/octet-stream' })
		response.end(type ? content.toString('utf8').replaceAll(replaced.text, replaced.by()) : content)
	})
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		async close() {
			server.closeAllConnections()
			await new Promise(resolve => server.close(resolve))
		},
	}
}
