import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { serialize } from 'hono/utils/cookie'
import type { AdminEnv } from './router.ts'

const name = 'claude_proxy_session'
const attributes = { path: '/', httpOnly: true, sameSite: 'Strict' } as const

export const readSessionToken = (context: Context<AdminEnv>): string | undefined =>
	getCookie(context, name) || undefined

/** Without `maxAgeMs` the cookie ends with the browser. */
export function setSessionCookie(
	context: Context<AdminEnv>,
	token: string,
	{ secure, maxAgeMs }: { secure: boolean; maxAgeMs?: number },
): void {
	const maxAge = maxAgeMs === undefined ? {} : { maxAge: maxAgeMs / 1000 }
	setCookie(context, name, token, { ...attributes, secure, ...maxAge })
}

export const clearSessionCookie = (context: Context<AdminEnv>): void =>
	setCookie(context, name, '', { ...attributes, maxAge: 0 })

/** The header that does the same to an answer that is an error. */
export const endedSessionCookie = serialize(name, '', { ...attributes, maxAge: 0 })
