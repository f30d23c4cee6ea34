import { Agent, createServer, request } from 'node:http'
import { listen } from './listen.ts'

/** The floor of pass-through: a proxy that looks at nothing. `node pipe.js <upstream url>` */
const upstream = new URL(process.argv[2] ?? '')
const agent = new Agent({ keepAlive: true })

const server = createServer((incoming, response) => {
	const { method, url: path, headers } = incoming
	const options = { host: upstream.hostname, port: upstream.port, method, path, headers, agent }
	const outgoing = request(options, answer => {
		response.writeHead(answer.statusCode ?? 502, answer.headers)
		answer.pipe(response)
	})
	outgoing.on('error', () => response.destroy())
	response.on('close', () => {
		if (!response.writableFinished) outgoing.destroy()
	})
	incoming.pipe(outgoing)
})
listen(server)
