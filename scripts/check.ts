import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { projectRoot } from './lib/layout.ts'
import { formatSeconds } from './lib/progress.ts'

interface Step {
	name: string
	command: readonly string[]
	/** Relative to the project's root. */
	folder?: string
}

/** Writes what tsc and svelte-check need, so it comes before them. */
const preparation: Step = { name: 'svelte-kit sync', command: ['svelte-kit', 'sync'], folder: 'web' }

/** Longest first: two run at a time. */
const steps: Step[] = [
	{ name: 'types', command: ['tsc', '-p', '.'] },
	{
		name: 'svelte-check',
		command: ['svelte-check', '--tsconfig', './tsconfig.json', '--fail-on-warnings'],
		folder: 'web',
	},
	{
		name: 'format and lint',
		command: ['biome', 'ci', '--error-on-warnings', ...(process.stdout.isTTY ? [] : ['--colors=off'])],
	},
	{ name: 'unused code', command: ['knip', '--no-progress'] },
	{ name: 'architecture', command: ['vitest', 'run', 'test/architecture.test.ts'] },
]

const parallel = 2
const bin = join(projectRoot, 'node_modules/.bin')

async function runStep({ name, command, folder = '.' }: Step): Promise<boolean> {
	const startedAt = performance.now()
	const { code, output } = await runCommand(command, join(projectRoot, folder))
	const seconds = formatSeconds(performance.now() - startedAt)
	console.log(`${code === 0 ? 'ok    ' : 'failed'} ${name.padEnd(18)} ${seconds}`)
	if (code !== 0) console.log(`${output.trimEnd()}\n`)
	return code === 0
}

function runCommand(command: readonly string[], cwd: string): Promise<{ code: number; output: string }> {
	const [program = '', ...args] = command
	const env = { ...process.env, NO_COLOR: '1', PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` }
	const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
	let output = ''
	for (const stream of [child.stdout, child.stderr]) {
		stream.on('data', (chunk: Buffer) => {
			output += chunk.toString()
		})
	}
	return new Promise(resolve => {
		child.on('error', error => resolve({ code: 1, output: error.message }))
		child.on('close', code => resolve({ code: code ?? 1, output }))
	})
}

/** Each worker takes the next step until none is left. */
async function runWorker(queue: Step[]): Promise<boolean> {
	let ok = true
	for (let step = queue.shift(); step !== undefined; step = queue.shift()) ok = (await runStep(step)) && ok
	return ok
}

const prepared = await runStep(preparation)
const results = await Promise.all(Array.from({ length: parallel }, () => runWorker(steps)))
if (!prepared || results.includes(false)) process.exitCode = 1
