import { createServer, type Socket } from 'node:net'
import { createPlayback, type Playback } from './playback.ts'
import type { Dialect } from './workloads/answer.ts'
import { failingKey } from './workloads/dialects/common.ts'
import { findWorkload } from './workloads/index.ts'

/**
 * The scripted upstream, a process of its own: answers are bytes made beforehand, so that it costs next to nothing.
 * It says its address on stdout and plays the workload that the parent names over IPC.
 */
export interface PlayMessage {
	play: string
	quick: boolean
}

let playback: Playback | undefined

process.on('message', ({ play, quick }: PlayMessage) => {
	playback = createPlayback(findWorkload(play, { quick }))
	process.send?.({ playing: play })
})
process.on('disconnect', () => process.exit())

const server = createServer({ noDelay: true }, socket => {
	socket.on('error', () => socket.destroy())
	readRequests(socket, (head, bodyBytes) => answer(socket, head, bodyBytes))
})
server.listen(0, '127.0.0.1', () => {
	const address = server.address()
	if (typeof address === 'object') process.stdout.write(`http://127.0.0.1:${address?.port}\n`)
})

function answer(socket: Socket, head: string, bodyBytes: number): void {
	if (head.startsWith('GET ')) return void socket.write(plain(200, '{"ok":true}'))
	if (!playback) return void socket.write(plain(503, 'nothing is played yet'))
	if (head.includes(failingKey)) return void socket.write(plain(500, '{"error":{"message":"broken"}}'))
	// A proxy that loses half of the request must not win.
	if (bodyBytes < playback.leastBodyBytes) return void socket.write(plain(400, 'the request is not whole'))
	playback.answer(socket, findDialect(head))
}

function findDialect(head: string): Dialect {
	const path = head.slice(0, head.indexOf('\r\n'))
	if (path.includes('/chat/completions')) return 'openai'
	if (path.includes('/responses')) return 'responses'
	return path.includes('enerateContent') ? 'gemini' : 'anthropic'
}

function plain(status: number, body: string): string {
	return `HTTP/1.1 ${status} -\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
}

const headEnd = Buffer.from('\r\n\r\n')

/** Requests of one connection, one after the other; bodies are counted and forgotten. */
function readRequests(socket: Socket, onRequest: (head: string, bodyBytes: number) => void): void {
	let start: Buffer = Buffer.alloc(0)
	let head: string | undefined
	let length = 0
	let missing = 0
	socket.on('data', bytes => {
		let rest: Buffer = bytes
		while (rest.length > 0) {
			if (head === undefined) {
				start = start.length === 0 ? rest : Buffer.concat([start, rest])
				const end = start.indexOf(headEnd)
				if (end === -1) return
				head = start.toString('latin1', 0, end)
				rest = start.subarray(end + headEnd.length)
				start = Buffer.alloc(0)
				if (/^transfer-encoding:/im.test(head)) return void socket.end(plain(411, 'content-length is needed'))
				length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0)
				missing = length
			}
			const taken = Math.min(missing, rest.length)
			missing -= taken
			rest = rest.subarray(taken)
			if (missing > 0) return
			const complete = head
			head = undefined
			onRequest(complete, length)
		}
	})
}
