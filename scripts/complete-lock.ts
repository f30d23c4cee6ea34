import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from './lib/layout.ts'

/**
 * Completes package-lock.json: `npm run lock:complete`, after `npm install` has changed it. A registry mirror may lack
 * the builds of some platforms; npm then leaves them out of the lock without a word, and `npm ci` refuses it everywhere.
 * What is added follows from the parent's exact optional dependencies and the package's name.
 */
interface Entry {
	version: string
	cpu?: string[]
	dev?: boolean
	libc?: string[]
	optional?: boolean
	os?: string[]
	optionalDependencies?: Record<string, string>
}

const systems = [
	'aix',
	'android',
	'darwin',
	'freebsd',
	'linux',
	'netbsd',
	'openbsd',
	'openharmony',
	'sunos',
	'win32',
]
const processors = [
	'arm64',
	'x64',
	'ia32',
	'arm',
	'loong64',
	'mips64el',
	'ppc64',
	'riscv64',
	's390x',
	'wasm32',
]

const path = join(projectRoot, 'package-lock.json')
const lock = JSON.parse(readFileSync(path, 'utf8')) as { packages: Record<string, Entry> }
const added: string[] = []

for (const [parent, entry] of Object.entries(lock.packages)) {
	for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
		if (!/^\d/.test(version)) continue
		const found = resolve(parent, name)
		if (found?.version === version) continue
		const place = found
			? `${parent.slice(0, parent.lastIndexOf('node_modules/'))}node_modules/${name}`
			: `node_modules/${name}`
		lock.packages[place] = describePlatform(name, version, entry.dev)
		added.push(`${name}@${version}`)
	}
}
const { '': root, ...others } = lock.packages
const sorted = Object.entries(others).toSorted(([a], [b]) => (a < b ? -1 : 1))
lock.packages = Object.fromEntries([['', root as Entry], ...sorted])
writeFileSync(path, `${JSON.stringify(lock, null, '\t')}\n`)
process.stdout.write(added.length === 0 ? 'the lock file is complete\n' : `added ${added.join(', ')}\n`)

/** What a package finds under a name, as Node looks it up. */
function resolve(parent: string, name: string): Entry | undefined {
	for (let folder = parent; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
		const entry = lock.packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`]
		if (entry || folder === '') return entry
	}
}

/** `@esbuild/linux-x64-musl` runs on Linux with musl on x64: npm skips it anywhere else. */
function describePlatform(name: string, version: string, dev: boolean | undefined): Entry {
	const words = (name.split('/').at(-1) ?? '').split('-')
	const os = systems.filter(system => words.includes(system))
	const cpu = processors.filter(processor => words.includes(processor))
	const libc = words.some(word => word.startsWith('musl'))
		? ['musl']
		: words.some(word => word.startsWith('gnu'))
			? ['glibc']
			: []
	return {
		version,
		...(cpu.length > 0 && { cpu }),
		...(dev && { dev }),
		...(libc.length > 0 && { libc }),
		optional: true,
		...(os.length > 0 && { os }),
	}
}
