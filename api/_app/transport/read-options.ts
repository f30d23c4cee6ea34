import type { OnReadOpts } from 'node:net'

/** The options of a socket that hands what it reads to a function, and not to a stream. */
export type ReadOptions = OnReadOpts

/** What Node asks the system for at a time where nobody says otherwise. */
const mostAtOnce = 64 * 1024

/** What all sockets of the process read into, one after the other. */
const room = Buffer.allocUnsafeSlow(mostAtOnce)

/**
 * Lets a socket read into memory that is there already, and hands on a copy of what came. Node would set 64 kB aside for
 * each read, and give back what was not needed: with a packet per delta that is a tenth of all CPU (docs/performance.md).
 * https://nodejs.org/api/net.html#socketconnectoptions-connectlistener
 */
export function readOptions(onRead: (bytes: Buffer) => void): ReadOptions {
	return {
		buffer: room,
		callback(length) {
			onRead(copyOf(length))
			return true
		},
	}
}

/** Small ones are cut out of Node's pool; large ones have memory of their own, which can be given back. */
function copyOf(length: number): Buffer {
	const bytes = length <= Buffer.poolSize / 2 ? Buffer.allocUnsafe(length) : Buffer.allocUnsafeSlow(length)
	room.copy(bytes, 0, 0, length)
	return bytes
}
