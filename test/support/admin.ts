import { type AdminAnswer, adminClient, bearer } from './admin-client.ts'
import { accessKey, type TestProxy } from './proxy.ts'

/** Calls the admin API as a script does: with the admin key as Bearer token. */
export function askAdmin(
	proxy: Pick<TestProxy, 'url'>,
	method: string,
	path: string,
	body?: unknown,
	headers: Record<string, string> = {},
): Promise<AdminAnswer> {
	return adminClient(proxy, bearer(accessKey))(method, `/api${path}`, { body, headers })
}
