import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { projectRoot } from './lib/layout.ts'

/**
 * `npm run pack:check`: packs the project, installs the tarball as a person would (`npm install -g`), and tries it with
 * each Node. Needs the npm registry, and a minute or two.
 */
const run = promisify(execFile)

const { version: ownVersion } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
	version: string
}

const nodes = [
	{ version: '22', works: true },
	{ version: '24', works: true },
	{ version: '20', works: false },
]
/** Longest start of `--version`, ms: the fastest of several, since other work on the computer only adds to it. */
const startLimitMs = 300
const starts = 9

const root = mkdtempSync(join(tmpdir(), 'claude-proxy-pack-'))
const home = join(root, 'home')
const elsewhere = join(root, 'elsewhere')
const prefix = join(root, 'prefix')
const program = join(prefix, 'bin/claude-proxy')

function check(holds: boolean, what: string): void {
	console.log(`${holds ? 'ok  ' : 'FAIL'} ${what}`)
	if (!holds) process.exitCode = 1
}

async function pack(): Promise<string> {
	const packed = await run('npm', ['pack', '--json', '--pack-destination', root], {
		cwd: projectRoot,
		maxBuffer: 64 * 1024 * 1024,
	})
	const tarball = readdirSync(root).find(name => name.endsWith('.tgz'))
	if (tarball === undefined) throw new Error(`npm pack made no tarball: ${packed.stderr}`)
	const { stdout } = await run('tar', ['-tzf', join(root, tarball)], { maxBuffer: 16 * 1024 * 1024 })
	const files = stdout.trim().split('\n')
	const foreign = files.filter(
		file =>
			!/^package\/(?:dist\/cli\/|web\/build\/|package\.json$|README(?:\.zh-CN)?\.md$|LICENSE$)/.test(file),
	)
	check(foreign.length === 0, `${files.length} files, none but what runs ${foreign.slice(0, 3).join(' ')}`)
	check(files.includes('package/web/build/index.html'), 'the admin is among them')
	return join(root, tarball)
}

/** Everything else is bundled: only native code comes as a package. */
function countPackages(): void {
	const folder = join(prefix, 'lib/node_modules/claude-proxy/node_modules')
	const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter(file => /(?:^|\/)package\.json$/.test(file))
		.map(file => file.slice(0, -'/package.json'.length))
	const foreign = names.filter(name => !/^(?:@libsql\/.+|libsql|detect-libc|@neon-rs\/load)$/.test(name))
	check(foreign.length === 0, `${names.length} packages come along ${foreign.slice(0, 3).join(' ')}`)
}

async function installNode(version: string): Promise<string> {
	const folder = join(root, `node-${version}`)
	mkdirSync(folder)
	await run('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', `node@${version}`])
	return join(folder, 'node_modules/node/bin')
}

async function tryNode({ version, works }: (typeof nodes)[number]): Promise<void> {
	const bin = await installNode(version)
	const variables = { PATH: `${bin}:${process.env.PATH}`, HOME: home, PORT: '0' }
	const options = { cwd: elsewhere, env: variables }
	if (!works) {
		const refused = await run(program, ['--version'], options).catch(error => error)
		check(
			/needs Node\.js 22\.19 or newer; this is v/.test(refused.stderr),
			`Node ${version} is told what is needed`,
		)
		return
	}
	const times: number[] = []
	for (let turn = 0; turn < starts; turn++) {
		const startedAt = performance.now()
		const { stdout } = await run(program, ['--version'], options)
		times.push(performance.now() - startedAt)
		if (stdout.trim() !== ownVersion) check(false, `Node ${version} says ${stdout}`)
	}
	const fastest = Math.round(Math.min(...times))
	check(fastest < startLimitMs, `Node ${version} starts it in ${fastest} ms`)
	await run(program, ['list'], options)
	check(existsSync(join(home, '.claude-proxy/data.db')), `Node ${version} keeps its data in ~/.claude-proxy`)
	check(readdirSync(elsewhere).length === 0, `Node ${version} leaves the folder it is called in alone`)
	await serve(version, options)
}

/** Until it says where it listens, and a browser would see the admin. */
async function serve(version: string, options: { cwd: string; env: NodeJS.ProcessEnv }): Promise<void> {
	const server = spawn(program, ['serve'], { ...options, stdio: ['ignore', 'pipe', 'inherit'] })
	try {
		let output = ''
		const patience = AbortSignal.timeout(20_000)
		while (!/Claude Code: put/.test(output)) {
			const [chunk] = (await once(server.stdout, 'data', { signal: patience })) as [Buffer]
			output += chunk
		}
		const address = /http:\/\/[\d.]+:\d+/.exec(output)?.[0] ?? ''
		const health = (await (await fetch(`${address}/health`)).json()) as { version?: string }
		check(health.version === ownVersion, `Node ${version} serves /health`)
		const page = await (await fetch(`${address}/`)).text()
		check(/<html/.test(page), `Node ${version} serves the admin`)
	} finally {
		server.kill('SIGTERM')
		await once(server, 'exit')
	}
}

try {
	mkdirSync(home)
	mkdirSync(elsewhere)
	const tarball = await pack()
	await run('npm', ['install', '-g', '--prefix', prefix, '--no-audit', '--no-fund', tarball])
	countPackages()
	for (const node of nodes) await tryNode(node)
} finally {
	rmSync(root, { recursive: true, force: true })
}
