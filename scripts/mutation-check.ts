import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectRoot } from './lib/layout.ts'
import { formatSeconds } from './lib/progress.ts'
import { claudeMutations } from './mutations/claude.ts'
import { geminiMutations } from './mutations/gemini.ts'
import { keyMutations } from './mutations/keys.ts'
import { messageMutations } from './mutations/messages.ts'
import type { Mutation } from './mutations/mutation.ts'
import { openAiMutations } from './mutations/openai.ts'
import { proxyMutations } from './mutations/proxy.ts'
import { responsesMutations } from './mutations/responses.ts'
import { sharedMutations } from './mutations/shared.ts'

/**
 * `npm run test:mutations [-- text]`: breaks the proxy in many ways, one at a time, in a copy of the tree, and shows
 * that the tests notice each one. With a text, only mutations whose file or reason contains it.
 */
const mutations = [
	...messageMutations,
	...sharedMutations,
	...openAiMutations,
	...responsesMutations,
	...geminiMutations,
	...claudeMutations,
	...proxyMutations,
	...keyMutations,
]

/** What the tests need of the tree. */
const copied = [
	'api',
	'cli',
	'core',
	'db',
	'scripts',
	'test',
	'package.json',
	'tsconfig.json',
	'vitest.config.ts',
]

/** A mutation may well make a loop endless. */
const timeoutMs = 60_000

/** Process groups that run a suite. */
const running = new Set<number>()
const copies: string[] = []

interface Run {
	/** `broken`: the tests could not even be loaded, which says nothing of what they would notice. */
	outcome: 'passed' | 'failed' | 'timeout' | 'broken'
	output: string
}

function copyTree(): void {
	const copy = mkdtempSync(join(tmpdir(), 'claude-proxy-mutations-'))
	copies.push(copy)
	for (const name of copied) cpSync(join(projectRoot, name), join(copy, name), { recursive: true })
	symlinkSync(join(projectRoot, 'node_modules'), join(copy, 'node_modules'))
}

async function runSuite(copy: string, suite: readonly string[]): Promise<Run> {
	const report = join(copy, 'report.json')
	rmSync(report, { force: true })
	const options = ['--bail=1', '--maxWorkers=1', '--reporter=json', `--outputFile=${report}`]
	const args = ['node_modules/vitest/vitest.mjs', 'run', ...suite, ...options]
	const child = spawn(process.execPath, args, {
		cwd: copy,
		detached: true,
		stdio: ['ignore', 'ignore', 'pipe'],
	})
	let output = ''
	child.stderr.on('data', (chunk: Buffer) => {
		output += chunk.toString()
	})
	const group = child.pid as number
	running.add(group)
	let late = false
	const timer = setTimeout(() => {
		late = true
		process.kill(-group, 'SIGKILL')
	}, timeoutMs)
	const code = await new Promise<number>(resolve => child.on('close', status => resolve(status ?? 1)))
	clearTimeout(timer)
	running.delete(group)
	if (late) return { outcome: 'timeout', output }
	if (code === 0) return { outcome: 'passed', output }
	return { outcome: countFailures(report) > 0 ? 'failed' : 'broken', output }
}

function cleanUp(): void {
	for (const group of running) process.kill(-group, 'SIGKILL')
	for (const copy of copies) rmSync(copy, { recursive: true, force: true })
}

function countFailures(report: string): number {
	try {
		return Number(JSON.parse(readFileSync(report, 'utf8')).numFailedTests)
	} catch {
		return 0
	}
}

/** Why a mutation cannot be made; undefined when its source occurs exactly once. */
function findProblem({ file, find }: Mutation): string | undefined {
	const found = readFileSync(join(projectRoot, file), 'utf8').split(find).length - 1
	return found === 1 ? undefined : `its source occurs ${found} times: ${JSON.stringify(find)}`
}

async function tryMutation(copy: string, { file, find, replace, suite }: Mutation): Promise<Run> {
	const path = join(copy, file)
	const source = readFileSync(path, 'utf8')
	writeFileSync(
		path,
		source.replace(find, () => replace),
	)
	try {
		return await runSuite(copy, suite)
	} finally {
		writeFileSync(path, source)
	}
}

/** Each copy takes the next piece of work until none is left. */
async function share<Item>(
	items: readonly Item[],
	work: (copy: string, item: Item) => Promise<void>,
): Promise<void> {
	const left = [...items]
	const takeAll = async (copy: string) => {
		for (let item = left.shift(); item !== undefined; item = left.shift()) await work(copy, item)
	}
	await Promise.all(copies.map(takeAll))
}

/** The suites must pass as they are: otherwise they would "notice" everything. */
async function checkSuites(chosen: readonly Mutation[]): Promise<boolean> {
	const suites = [...new Map(chosen.map(({ suite }) => [suite.join(' '), suite])).values()]
	let healthy = true
	await share(suites, async (copy, suite) => {
		const { outcome, output } = await runSuite(copy, suite)
		if (outcome === 'passed') return
		healthy = false
		console.log(`${outcome.padEnd(9)} before anything was broken: vitest run ${suite.join(' ')}\n${output}`)
	})
	return healthy
}

async function checkMutations(chosen: readonly Mutation[]): Promise<number> {
	let survivors = 0
	await share(chosen, async (copy, mutation) => {
		const startedAt = performance.now()
		const { outcome, output } = await tryMutation(copy, mutation)
		const killed = outcome === 'failed' || outcome === 'timeout'
		if (!killed) survivors++
		const verdict = outcome === 'passed' ? 'SURVIVED' : killed ? 'killed' : 'BROKEN'
		const seconds = formatSeconds(performance.now() - startedAt)
		console.log(`${verdict.padEnd(9)} ${mutation.file}: ${mutation.why} (${seconds})`)
		if (outcome === 'broken') console.log(output)
	})
	return survivors
}

async function main(): Promise<number> {
	const text = process.argv[2] ?? ''
	const chosen = mutations.filter(({ file, why }) => file.includes(text) || why.includes(text))
	const problems = chosen.flatMap(mutation => {
		const problem = findProblem(mutation)
		return problem === undefined ? [] : [`${mutation.file}: ${mutation.why}: ${problem}`]
	})
	if (problems.length > 0) {
		console.log(problems.join('\n'))
		return 1
	}
	const startedAt = performance.now()
	process.once('SIGINT', () => {
		cleanUp()
		process.exit(130)
	})
	try {
		for (let count = Math.min(2, availableParallelism()); count > 0; count--) copyTree()
		if (!(await checkSuites(chosen))) return 1
		const survivors = await checkMutations(chosen)
		const seconds = formatSeconds(performance.now() - startedAt)
		console.log(
			`\n${chosen.length} mutations, ${chosen.length - survivors} killed, ${survivors} survived, ${seconds}`,
		)
		return survivors === 0 && chosen.length > 0 ? 0 : 1
	} finally {
		cleanUp()
	}
}

process.exitCode = await main()
