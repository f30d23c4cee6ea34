import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { generateEncryptionKey } from '../../db/index.ts'
import { serverFlags } from '../../scripts/lib/server-flags.ts'
import { type Child, startChild } from '../children.ts'
import { requestModel } from '../workloads/texts.ts'
import type { Variant } from './variants.ts'

export type OursType = 'claude' | 'openai' | 'gemini' | 'responses'

export const accessKey = 'bench-access-key'

/** What the upstream is asked for instead of the client's model; pass-through keeps the client's bytes. */
const modelMaps: Record<OursType, string | undefined> = {
	claude: undefined,
	openai: `${requestModel}=gpt-4.1`,
	gemini: `${requestModel}=gemini-2.5-flash`,
	responses: `${requestModel}=gpt-4.1`,
}

const plain: Variant = { name: '', keys: ['sk-bench-0123456789abcdef'] }

/** Makes a folder with a database of its own, upstream and keys added as a user would; returns how to serve from it. */
export async function prepareOurs(
	type: OursType,
	{ folder, entry, upstreamUrl }: { folder: string; entry: string; upstreamUrl: string },
	variant = plain,
): Promise<() => Promise<Child>> {
	const cwd = join(folder, `${type}-${variant.name.replaceAll(' ', '-')}`)
	await mkdir(cwd)
	const env = {
		NODE_ENV: 'production',
		LOG_LEVEL: 'warn',
		PORT: '0',
		HOST: '127.0.0.1',
		PROXY_ACCESS_KEY: accessKey,
		// As `init` and a first start make it: a passphrase is stretched at each start, which is 30 ms of CPU.
		ENCRYPTION_KEY: generateEncryptionKey(),
		MAX_CONCURRENT_REQUESTS: '10000',
		...variant.env,
		...(await variant.startDatabase?.()),
	}
	const runCli = (...args: string[]) =>
		promisify(execFile)(process.execPath, [entry, ...args, '--no-input'], { cwd, env })
	// A server's database is migrated by hand; a file is by itself.
	if (variant.startDatabase) await runCli('db', 'migrate')
	const map = modelMaps[type]
	await runCli('add', 'bench', type, upstreamUrl, ...(map === undefined ? [] : ['--model-map', map]))
	await runCli('key', 'bench', 'add', ...variant.keys)
	await runCli('use', 'bench')
	return () => startChild({ args: [...serverFlags, entry, 'serve'], cwd, env })
}
