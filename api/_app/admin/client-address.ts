import { isIPv4, isIPv6 } from 'node:net'
import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import type { Environment } from '../../../core/config/environment.ts'
import type { AdminEnv } from './router.ts'

/**
 * Where a request comes from, for counting wrong keys. On a server of one's own that is the socket's address; a
 * header counts only with TRUST_PROXY, and of `x-forwarded-for` only the last entry, since what stands before it was
 * sent by the client. The serverless platform has no socket and tells the address in headers that it sets itself:
 * https://vercel.com/docs/headers/request-headers#x-vercel-forwarded-for
 */
export function readClientAddress(context: Context<AdminEnv>, { TRUST_PROXY }: Environment): string {
	const header = (name: string) => context.req.header(name)?.split(',').at(-1)?.trim()
	const socket = (context.env as Partial<HttpBindings> | undefined)?.incoming?.socket
	const told = socket
		? TRUST_PROXY && (header('x-forwarded-for') ?? header('x-real-ip'))
		: (header('x-vercel-forwarded-for') ?? header('x-real-ip'))
	return normalizeAddress(told || socket?.remoteAddress || 'unknown')
}

/** IPv6 counts by /64: whoever has one address of such a network has all of them. */
export function normalizeAddress(text: string): string {
	const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(text)?.[1] ?? text
	if (isIPv4(mapped)) return mapped
	const plain = mapped.split('%')[0] ?? ''
	if (!isIPv6(plain)) return 'unknown'
	const [head = '', tail] = plain.toLowerCase().split('::')
	const before = head === '' ? [] : head.split(':')
	const after = tail === undefined || tail === '' ? [] : tail.split(':')
	const zeros =
		tail === undefined ? [] : Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0')
	const groups = [...before, ...zeros, ...after].slice(0, 4)
	return `${groups.map(group => group.replace(/^0+(?=.)/, '')).join(':')}::/64`
}

/** Whether the browser speaks https, which a proxy in front may have ended. A page's own origin tells it too. */
export function isSecure(context: Context<AdminEnv>, environment: Environment): boolean {
	const hasSocket = (context.env as Partial<HttpBindings> | undefined)?.incoming !== undefined
	const told = hasSocket && !environment.TRUST_PROXY ? undefined : context.req.header('x-forwarded-proto')
	if (told !== undefined) return told.split(',')[0]?.trim() === 'https'
	if (new URL(context.req.url).protocol === 'https:') return true
	const origin = context.req.header('origin')
	return origin?.startsWith('https://') === true && isOwnOrigin(context, origin, environment)
}

/**
 * Whether an `Origin` is that of this server. Hosts are compared, not schemes: behind a proxy that ends TLS the
 * server cannot know its own, and to a SameSite cookie the same host over http is another site already.
 */
export function isOwnOrigin(
	context: Context<AdminEnv>,
	origin: string,
	{ TRUST_PROXY }: Environment,
): boolean {
	const url = URL.parse(origin)
	if (url === null || url.origin !== origin) return false
	const forwarded = TRUST_PROXY ? context.req.header('x-forwarded-host') : undefined
	return [context.req.header('host'), forwarded].some(host => host !== undefined && isSameHost(host, url))
}

/** `Host` may name the scheme's own port, an origin never does. */
const isSameHost = (host: string, origin: URL) =>
	URL.parse(`${origin.protocol}//${host}`)?.host === origin.host
