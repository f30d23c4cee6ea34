import {
	chmodSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { type RolldownOptions, rolldown } from 'rolldown'
import { cutCli } from './bundle-chunks.ts'
import { leaveOutUnused, takeBuiltinsAsTheyAre } from './bundle-plugins.ts'
import { takeFingerprint } from './fingerprint.ts'
import { builtCli, builtFunction, cliEntry, functionEntry, serverSources } from './layout.ts'
import { listFiles, publishFolder } from './publish.ts'

/** Native code cannot be bundled; both packages are dependencies of @libsql/client. */
const external = [/^libsql(\/|$)/, /^@libsql\/(linux|darwin|win32)-/]

export interface BuiltFile {
	name: string
	bytes: number
}

/** Bundles the CLI, server included, into dist/cli. `await import()` stays lazy: each becomes its own file. */
export function bundleCli(root: string): Promise<BuiltFile[]> {
	return bundle(root, cliEntry(root), builtCli(root), '#!/usr/bin/env node')
}

/** Bundles the HTTP function of serverless platforms into dist/api, or to another place. */
export function bundleFunction(root: string, target = builtFunction(root)): Promise<BuiltFile[]> {
	return bundle(root, functionEntry(root), target, '')
}

async function bundle(root: string, entry: string, target: string, firstLine: string): Promise<BuiltFile[]> {
	// Taken before reading the sources: an edit while bundling makes the result stale, not wrongly fresh.
	const stamp = takeFingerprint(root, serverSources)
	const name = basename(target)
	const staging = makeStagingFolder(dirname(dirname(target)))
	try {
		await runRolldown(root, entry, staging, name)
		finishEntry(join(staging, name), firstLine, stamp)
		const files = listFiles(staging).map(file => ({ name: file, bytes: statSync(join(staging, file)).size }))
		publishFolder(staging, dirname(target), name)
		return files
	} finally {
		rmSync(staging, { recursive: true, force: true })
	}
}

const stagingPrefix = '.building-'
const abandonedMs = 10 * 60_000

/** Also removes what killed builds left behind. */
function makeStagingFolder(parent: string): string {
	mkdirSync(parent, { recursive: true })
	for (const name of readdirSync(parent).filter(name => name.startsWith(stagingPrefix))) {
		const modifiedAt = statSync(join(parent, name), { throwIfNoEntry: false })?.mtimeMs ?? 0
		if (Date.now() - modifiedAt > abandonedMs) rmSync(join(parent, name), { recursive: true, force: true })
	}
	return mkdtempSync(join(parent, stagingPrefix))
}

async function runRolldown(root: string, entry: string, folder: string, entryName: string): Promise<void> {
	const options: RolldownOptions = {
		cwd: root,
		input: entry,
		platform: 'node',
		external,
		plugins: [leaveOutUnused(root), takeBuiltinsAsTheyAre()],
		onLog(level, log, report) {
			// A missing package would only fail once the bundle runs, somewhere else.
			if (log.code === 'UNRESOLVED_IMPORT') throw new Error(log.message)
			if (level === 'warn' && log.code !== 'EVAL') report(level, log)
		},
	}
	const build = await rolldown(options)
	try {
		await build.write({
			dir: folder,
			format: 'esm',
			// Descriptions of functions are for who reads the sources; here they would be parsed at each start.
			comments: { jsdoc: false },
			entryFileNames: entryName,
			chunkFileNames: '[name]-[hash].js',
			...(entry === cliEntry(root) && { codeSplitting: cutCli(root) }),
		})
	} finally {
		await build.close()
	}
}

function finishEntry(file: string, firstLine: string, stamp: string): void {
	const code = readFileSync(file, 'utf8').trimEnd()
	const start = firstLine === '' || code.startsWith('#!') ? '' : `${firstLine}\n`
	writeFileSync(file, `${start}${code}\n// sources: ${stamp}\n`)
	chmodSync(file, 0o755)
}
