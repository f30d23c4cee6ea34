import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vercel } from '../../support/places/vercel.ts'
import { accessKey } from '../../support/proxy.ts'

/** An instance whose variables are none of the test's own. */
export async function startPlacedVercel(variables: Record<string, string>) {
	const folder = await mkdtemp(join(tmpdir(), 'claude-proxy-'))
	const secrets = { PROXY_ACCESS_KEY: accessKey, ENCRYPTION_KEY: 'an encryption key for tests only' }
	const instance = await vercel.start({ folder, variables: { ...secrets, ...variables } })
	return {
		...instance,
		async stop() {
			await instance.stop()
			await rm(folder, { recursive: true, force: true })
		},
	}
}
