import type { Socket } from 'node:net'
import { type Dialect, renderAnswer, stampedPiece } from './workloads/answer.ts'
import type { Workload } from './workloads/index.ts'

/** One workload's answers, ready to be written. */
export interface Playback {
	leastBodyBytes: number
	answer(socket: Socket, dialect: Dialect): void
}

/** An HTTP answer: its head, and its chunks as they stand on the wire. */
interface Rendered {
	head: Buffer
	frames: Buffer[]
	whole: Buffer
}

export function createPlayback(workload: Workload): Playback {
	const rendered = new Map<Dialect, Rendered>()
	const renderOnce = (dialect: Dialect): Rendered => {
		const known = rendered.get(dialect) ?? render(workload, dialect)
		rendered.set(dialect, known)
		return known
	}
	return {
		leastBodyBytes: workload.body.length / 2,
		answer(socket, dialect) {
			const answer = renderOnce(dialect)
			if (workload.paceMs === undefined) socket.write(answer.whole)
			else playPaced(socket, answer, workload.paceMs)
		},
	}
}

function render({ answer }: Workload, dialect: Dialect): Rendered {
	const parts = renderAnswer(dialect, answer).map(part => Buffer.from(part))
	if (!answer.stream) {
		const body = Buffer.concat(parts)
		const head = Buffer.from(
			`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`,
		)
		return { head, frames: [body], whole: Buffer.concat([head, body]) }
	}
	const head = Buffer.from(
		'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n',
	)
	const frames = parts.map(part =>
		Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')]),
	)
	const end = Buffer.from('0\r\n\r\n')
	return { head, frames, whole: Buffer.concat([head, ...frames, end]) }
}

/** What comes before the first delta goes at once; then one delta per tick; the rest goes with the last one. */
function playPaced(socket: Socket, { head, frames }: Rendered, paceMs: number): void {
	const first = frames.findIndex(frame => findStamp(frame) !== -1)
	const last = frames.findLastIndex(frame => findStamp(frame) !== -1)
	socket.write(Buffer.concat([head, ...frames.slice(0, first)]))
	let next = first
	const timer = setInterval(() => {
		const frame = stamp(frames[next] as Buffer)
		if (next < last) socket.write(frame)
		else socket.write(Buffer.concat([frame, ...frames.slice(last + 1), Buffer.from('0\r\n\r\n')]))
		next++
		if (next > last) stop()
	}, paceMs)
	const stop = () => {
		clearInterval(timer)
		socket.off('close', stop)
	}
	socket.on('close', stop)
}

const marker = Buffer.from(stampedPiece.slice(0, 17))
const findStamp = (frame: Buffer) => frame.indexOf(marker)

function stamp(frame: Buffer): Buffer {
	const copy = Buffer.from(frame)
	const now = process.hrtime.bigint() / 1000n
	copy.write(String(now).padStart(15, '0'), findStamp(frame) + 1, 'latin1')
	return copy
}
