import { createHash } from 'node:crypto'
import { takeFingerprint } from './fingerprint.ts'
import { adminSources } from './layout.ts'

/** Names a build of the admin: its sources as they are, and the server it asks when that is not the one it comes from. */
export function nameAdminVersion(root: string, backendUrl: string | undefined): string {
	const sources = takeFingerprint(root, adminSources)
	if (!backendUrl) return sources
	return `${sources}-${createHash('sha256').update(backendUrl).digest('hex').slice(0, 8)}`
}
