import { existsSync, readFileSync } from 'node:fs'
import { takeFingerprint } from './fingerprint.ts'
import { builtCli, cliEntry, hasTool, serverSources } from './layout.ts'
import type { Progress } from './progress.ts'

/**
 * Brings dist/cli up to date with the sources and returns its entry. Sources that run unbundled would cost every
 * command about a second (drizzle-orm alone: https://github.com/nodejs/node/issues/58126).
 */
export async function ensureCli(root: string, progress: Progress): Promise<string> {
	const target = builtCli(root)
	if (isCliCurrent(root)) return target
	if (!existsSync(cliEntry(root)) || !hasTool(root, 'rolldown')) {
		if (existsSync(target)) return target
		throw new Error('dist/cli/main.js is missing: run `npm ci && npm run build` first')
	}
	await progress('preparing claude-proxy', async () => {
		const { bundleCli } = await import('./bundle.ts')
		await bundleCli(root)
	})
	return target
}

/** Whether dist/cli was made from the sources as they are now. */
export function isCliCurrent(root: string): boolean {
	const stamp = readStamp(builtCli(root))
	return stamp !== undefined && stamp === takeFingerprint(root, serverSources)
}

function readStamp(file: string): string | undefined {
	if (!existsSync(file)) return undefined
	return /\/\/ sources: ([0-9a-f]+)\s*$/.exec(readFileSync(file, 'utf8'))?.[1]
}
