import { once } from 'node:events'
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'

/** An HTTP proxy: tunnels by CONNECT, forwards plain requests, and asks for a password if told. */
export async function startConnectProxy(credentials?: string) {
	/** `CONNECT host:port` and `POST http://…`, as they came; what was turned away is not among them. */
	const seen: string[] = []
	const sockets = new Set<Socket>()
	let refused = 0
	const expected = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`
	const isAllowed = (request: IncomingMessage) => {
		const allowed = expected === undefined || request.headers['proxy-authorization'] === expected
		if (!allowed) refused++
		return allowed
	}
	const server = createServer((request, response) => {
		if (!isAllowed(request)) return void response.writeHead(407, { 'proxy-authenticate': 'Basic' }).end()
		seen.push(`${request.method} ${request.url}`)
		const { 'proxy-authorization': _, ...headers } = request.headers
		const onward = httpRequest(String(request.url), { method: request.method ?? 'GET', headers }, answer => {
			response.writeHead(answer.statusCode ?? 502, answer.headers)
			answer.pipe(response)
		})
		onward.on('error', () => response.destroy())
		request.pipe(onward)
	})
	server.on('connect', (request: IncomingMessage, socket: Socket) => {
		socket.on('error', () => {})
		if (!isAllowed(request)) {
			return void socket.end(
				'HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\n\r\n',
			)
		}
		seen.push(`CONNECT ${request.url}`)
		const [host, port] = String(request.url).split(':')
		const onward = connect(Number(port), host, () => {
			socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
			onward.pipe(socket).pipe(onward)
		})
		onward.on('error', () => socket.destroy())
		for (const each of [socket, onward]) sockets.add(each)
	})
	server.listen(0, '127.0.0.1')
	await once(server, 'listening')
	const { port } = server.address() as AddressInfo
	return {
		seen,
		refused: () => refused,
		url: `http://${credentials ? `${credentials}@` : ''}127.0.0.1:${port}`,
		async close() {
			for (const socket of sockets) socket.destroy()
			server.closeAllConnections()
			await new Promise(resolve => server.close(resolve))
		},
	}
}
