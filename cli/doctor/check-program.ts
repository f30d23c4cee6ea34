import { chmod, stat } from 'node:fs/promises'
import { placeholderAccessKey } from '../../core/config/environment.ts'
import { judgeKeyStrength } from '../../core/config/key-strength.ts'
import packageJson from '../../package.json' with { type: 'json' }
import type { FoundEnvironment } from '../environment.ts'
import { advise, type Finding, inArea, suggest } from './finding.ts'

/** The Node that runs this, and what it is told by `.env` and the environment. */
export async function checkProgram(found: FoundEnvironment): Promise<Finding[]> {
	return [
		inArea('program').ok(`claude-proxy ${packageJson.version} on Node.js ${process.versions.node}`),
		await checkEnvFile(found),
		...checkVariables(found),
		...checkAccessKey(found),
	]
}

async function checkEnvFile({ path }: FoundEnvironment): Promise<Finding> {
	const { ok, warn } = inArea('.env')
	const mode = await stat(path).then(
		found => found.mode & 0o777,
		() => undefined,
	)
	if (mode === undefined)
		return ok('there is none: everything comes from the environment, or is made at the first start')
	if (process.platform === 'win32' || (mode & 0o077) === 0) return ok(`${path}, for you only`)
	return warn(`${path} holds keys, and others on this computer may read it`, {
		...advise(`chmod 600 ${path}`),
		async repair() {
			await chmod(path, 0o600)
			return `${path} is for you only now`
		},
	})
}

function checkVariables({ missing, environment }: FoundEnvironment): Finding[] {
	const { ok, warn, fail } = inArea('variables')
	const set = ['PROXY_ACCESS_KEY', 'ADMIN_ACCESS_KEY', 'ENCRYPTION_KEY', 'TURSO_AUTH_TOKEN'] as const
	const present = set.filter(name => environment[name])
	const rows =
		missing.length > 0
			? [warn(`${missing.join(' and ')} will be made at the first start`, suggest('init'))]
			: [ok(`${present.join(', ')} are set`)]
	const isRemote = !environment.TURSO_DATABASE_URL.startsWith('file:')
	if (isRemote && !environment.TURSO_AUTH_TOKEN)
		rows.push(warn('the database is remote, and has no TURSO_AUTH_TOKEN'))
	const isOpen = !['127.0.0.1', 'localhost', '::1'].includes(environment.HOST)
	if (isOpen && environment.PROXY_ACCESS_KEY === placeholderAccessKey) {
		rows.push(fail(`HOST ${environment.HOST} lets others in, with a key that everybody knows`))
	}
	return [...rows, ...checkOutboundProxy()]
}

function checkOutboundProxy(): Finding[] {
	const { ok } = inArea('outbound proxy')
	const names = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY', 'NO_PROXY']
	const set = names.filter(name => process.env[name] || process.env[name.toLowerCase()])
	return set.length === 0 ? [] : [ok(`${set.join(', ')} set: requests to upstreams follow them`)]
}

function checkAccessKey({ environment, missing }: FoundEnvironment): Finding[] {
	const { ok, warn } = inArea('access key')
	const key = environment.PROXY_ACCESS_KEY
	if (!key || missing.includes('PROXY_ACCESS_KEY')) return []
	const strength = judgeKeyStrength(key)
	if (strength === 'known') {
		return [
			warn('it is the one of the documentation: everybody knows it', advise('put a random one into .env')),
		]
	}
	if (strength === 'weak') {
		return [warn('it is short, or of few different characters', advise('put a longer one into .env'))]
	}
	return [ok(`${key.length} characters`)]
}
