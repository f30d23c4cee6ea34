/** Where lines go: pino's destination writes them before it returns. */
interface LineStream {
	write(lines: string): unknown
}

/** A line of an ordinary request has 300 characters. */
const mostWaiting = 64 * 1024

/**
 * Lines of one turn of the event loop leave in one write: many requests at once would each pay for a write, and wake whoever
 * reads. What waits when the process ends is written then.
 */
export function batchLines(stream: LineStream): LineStream {
	let waiting = ''
	const flush = () => {
		if (waiting === '') return
		const lines = waiting
		waiting = ''
		stream.write(lines)
	}
	process.on('exit', flush)
	return {
		write(line) {
			if (waiting === '') setImmediate(flush)
			waiting += line
			if (waiting.length > mostWaiting) flush()
		},
	}
}
