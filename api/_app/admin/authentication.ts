import type { Context } from 'hono'
import { type AdminSession, createSessions, isDatabaseError, type Sessions } from '../../../db/index.ts'
import { isAuthorized, presentedKeys } from '../access-key.ts'
import type { AppServices } from '../services.ts'
import { isSecure, readClientAddress } from './client-address.ts'
import { AdminError } from './errors.ts'
import type { AdminEnv, Caller } from './router.ts'
import { endedSessionCookie, readSessionToken, setSessionCookie } from './session-cookie.ts'
import { createThrottle } from './throttle.ts'

export interface Authentication {
	readonly sessions: Sessions
	/** Who sends a request; rejects with 401 or 429. */
	identify(context: Context<AdminEnv>): Promise<Caller>
	/** Starts a session for who has the admin key. */
	signIn(context: Context<AdminEnv>, key: string, remember: boolean): Promise<AdminSession>
}

const dayMs = 86_400_000
/** A day's work, or what "remember on this device" means. Neither is prolonged by use. */
const shortMs = dayMs / 2
const longMs = 30 * dayMs

export function createAuthentication(services: AppServices): Authentication {
	const { database, environment, accessKeys, logger } = services
	const sessions = createSessions(database, {
		adminKey: accessKeys.admin,
		encryptionKey: environment.ENCRYPTION_KEY ?? '',
	})
	const throttle = createThrottle(services)
	const lately = createLateSessions(sessions, services)

	const judge = async (context: Context<AdminEnv>, headers: Record<string, string>) => {
		const address = readClientAddress(context, environment)
		const isRight = () => isAuthorized(headers, accessKeys.admin)
		const { right, waitMs } = await throttle.judge(address, isRight)
		if (right) return
		logger.warn({ id: context.get('requestId'), address }, 'a wrong admin key was refused')
		throw new AdminError(401, 'unauthorized', 'this is not the admin key', {
			...(waitMs > 0 && { retryAfterMs: waitMs }),
		})
	}

	return {
		sessions,
		async identify(context) {
			const headers = Object.fromEntries(context.req.raw.headers)
			if (presentedKeys(headers).length > 0) {
				await judge(context, headers)
				return { kind: 'key' }
			}
			const token = readSessionToken(context)
			const session = token === undefined ? undefined : await lately.find(token)
			if (session) return { kind: 'session', id: session.id, expiresAt: session.expiresAt }
			const message =
				'sign in, or send the ADMIN_ACCESS_KEY (PROXY_ACCESS_KEY when there is none) as Bearer token'
			const more: Record<string, string> = token === undefined ? {} : { 'set-cookie': endedSessionCookie }
			throw new AdminError(401, 'unauthorized', message, {}, more)
		},
		async signIn(context, key, remember) {
			await judge(context, { 'x-api-key': key })
			const lifetimeMs = remember ? longMs : shortMs
			const userAgent = context.req.header('user-agent') ?? ''
			const { token, session } = await sessions.create({ lifetimeMs, userAgent })
			const secure = isSecure(context, environment)
			setSessionCookie(context, token, { secure, ...(remember && { maxAgeMs: longMs }) })
			return session
		},
	}
}

const outageMs = 300_000
const maxRemembered = 100

/**
 * While the database is away, sessions that this instance saw valid within five minutes go on: the admin must be able
 * to show the outage. Nobody can revoke one then anyway.
 */
function createLateSessions(sessions: Sessions, { proxy, config }: AppServices) {
	const seen = new Map<string, { session: AdminSession; at: number }>()
	return {
		async find(token: string): Promise<AdminSession | undefined> {
			try {
				const session = await sessions.find(token)
				seen.delete(token)
				if (seen.size >= maxRemembered) seen.clear()
				if (session) seen.set(token, { session, at: proxy.clock.elapsed() })
				return session
			} catch (error) {
				const last = seen.get(token)
				const late = last && proxy.clock.elapsed() - last.at < outageMs
				if (!isDatabaseError(error) || !late || last.session.expiresAt <= config.now()) throw error
				return last.session
			}
		},
	}
}
