import { type OnReadOpts, Socket, type SocketConstructorOpts } from 'node:net'

/** What of a socket Node keeps to itself. */
interface SocketInside {
	_handle: { useUserBuffer?: unknown; writeQueueSize?: number } | null
	/** Counts its connections. */
	_server: unknown
}
type InsideSocket = Socket & SocketInside

/**
 * A client's socket made anew, so that it is read into memory of ours. Of a socket that it opens itself Node is told so by
 * `onread`; of one that it accepts there is no way to, and each read makes 64 kB of memory, which is a tenth of a small
 * request's CPU. Undefined where this Node has other insides: then the socket is as it was.
 */
export function readInto(accepted: Socket, onread: OnReadOpts): Socket | undefined {
	const inside = accepted as InsideSocket
	const handle = inside._handle
	if (typeof handle?.useUserBuffer !== 'function') return undefined
	const options = { handle, onread, allowHalfOpen: true, readable: true, writable: true } as object
	const socket = new Socket(options as SocketConstructorOpts) as InsideSocket
	if (socket._handle !== handle) return undefined
	socket._server = inside._server
	inside._handle = null
	inside._server = null
	return socket
}

/** What has been written and the system has not taken: another number whenever it has taken some. */
export const unsentBytes = (socket: Socket): number =>
	socket.writableLength + ((socket as InsideSocket)._handle?.writeQueueSize ?? 0)
