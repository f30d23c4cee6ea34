import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { type Environment, placeholderAccessKey, readEnvironment } from '../core/config/environment.ts'
import { generateEncryptionKey } from '../db/index.ts'
import { CliError, exitCodes } from './errors.ts'
import { findHome, type Home, locateDatabase } from './home.ts'

export interface LoadedEnvironment {
	environment: Environment & { PROXY_ACCESS_KEY: string; ENCRYPTION_KEY: string }
	/** Where the access key was found: a file's name, or `the environment`. */
	accessKeySource: string
	/** Secrets that were made just now, because there were none. */
	generated: string[]
}

/** The secrets that a local start makes up by itself. */
const generators = {
	PROXY_ACCESS_KEY: () => `cp-${randomBytes(24).toString('base64url')}`,
	ENCRYPTION_KEY: generateEncryptionKey,
}

export type SecretName = keyof typeof generators

const fileName = '.env'

/** A secret as a first start makes it up. */
export function generateSecret(name: SecretName): string {
	return generators[name]()
}

/**
 * Reads `.env` of the home folder (home.ts) and the process's environment, which wins. Secrets that neither has are
 * made and written to `.env` (0600), so that a first start needs no preparation.
 * @throws CliError usage, naming every wrong variable; failed, when `.env` cannot be written
 */
export async function loadEnvironment(home: Home = findHome()): Promise<LoadedEnvironment> {
	const path = join(home.directory, fileName)
	let file = await readEnvFile(path)
	const missing = listMissing(file)
	if (missing.length > 0) {
		const made = missing.map(name => [name, generators[name]] as const)
		await addVariables(home.directory, Object.fromEntries(made))
		file = await readEnvFile(path)
	}
	const environment = checkVariables(file, home)
	const { PROXY_ACCESS_KEY = '', ENCRYPTION_KEY = '' } = environment
	refusePlaceholder(environment)
	return {
		environment: { ...environment, PROXY_ACCESS_KEY, ENCRYPTION_KEY },
		accessKeySource: process.env.PROXY_ACCESS_KEY?.trim() ? 'the environment' : path,
		generated: missing,
	}
}

/** What a start would find, without making anything. */
export interface FoundEnvironment {
	home: Home
	/** Of `.env`, whether it is there or not. */
	path: string
	environment: Environment
	missing: SecretName[]
	/** Whether something names a database, so that the usual one is not meant. */
	namesDatabase: boolean
}

/** @throws CliError usage, naming every wrong variable */
export async function findEnvironment(home: Home = findHome()): Promise<FoundEnvironment> {
	const path = join(home.directory, fileName)
	const file = await readEnvFile(path)
	const namesDatabase = Boolean((process.env.TURSO_DATABASE_URL ?? file.TURSO_DATABASE_URL)?.trim())
	return { home, path, environment: checkVariables(file, home), missing: listMissing(file), namesDatabase }
}

type EnvFile = Record<string, string | undefined>

function listMissing(file: EnvFile): SecretName[] {
	const names = Object.keys(generators) as SecretName[]
	return names.filter(name => !process.env[name]?.trim() && !file[name]?.trim())
}

function checkVariables(file: EnvFile, home: Home): Environment {
	const result = readEnvironment({
		...{ TURSO_DATABASE_URL: home.databaseUrl },
		...withoutBlanks(file),
		...withoutBlanks(process.env),
	})
	if (!result.ok) {
		const hint = `correct it in ${join(home.directory, fileName)} or in the environment`
		throw new CliError(exitCodes.usage, 'usage', result.problems.join('\n'), hint)
	}
	const { environment } = result
	const TURSO_DATABASE_URL = locateDatabase(environment.TURSO_DATABASE_URL, home.directory)
	return { ...environment, TURSO_DATABASE_URL }
}

function refusePlaceholder({ NODE_ENV, PROXY_ACCESS_KEY, ADMIN_ACCESS_KEY }: Environment): void {
	if (NODE_ENV !== 'production') return
	if (PROXY_ACCESS_KEY !== placeholderAccessKey && ADMIN_ACCESS_KEY !== placeholderAccessKey) return
	const hint = `set PROXY_ACCESS_KEY to a random value, e.g. ${generators.PROXY_ACCESS_KEY()}`
	throw new CliError(
		exitCodes.usage,
		'usage',
		`"${placeholderAccessKey}" is not a key: everybody knows it`,
		hint,
	)
}

async function readEnvFile(path: string): Promise<EnvFile> {
	try {
		return parseEnv(await readFile(path, 'utf8'))
	} catch (error) {
		if (isMissing(error)) return {}
		throw new CliError(
			exitCodes.failed,
			'failed',
			`${path} cannot be read`,
			`check who owns it: ls -l ${path}`,
		)
	}
}

/**
 * Adds variables to `.env` that it does not have. Several processes may start at once: one of them writes, the others
 * take what it wrote. The whole file is put in place by one rename (or link, when it is new), so no one ever reads half
 * of it.
 */
export async function addVariables(
	directory: string,
	variables: Readonly<Record<string, () => string>>,
): Promise<void> {
	const path = join(directory, fileName)
	const names = Object.keys(variables)
	const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
	try {
		await mkdir(directory, { recursive: true, mode: 0o700 })
		const release = await lock(`${path}.lock`)
		try {
			const text = await readFile(path, 'utf8').catch(error => {
				if (isMissing(error)) return undefined
				throw error
			})
			const present = text === undefined ? {} : parseEnv(text)
			const lines = names
				.filter(name => !present[name]?.trim())
				.map(name => `${name}=${quoteValue(variables[name]?.() ?? '')}`)
			if (lines.length === 0) return
			await writeFile(temporary, `${text ? endWithNewline(text) : introduction}${lines.join('\n')}\n`, {
				mode: 0o600,
			})
			if (text === undefined) await link(temporary, path)
			else await rename(temporary, path)
		} finally {
			await rm(temporary, { force: true })
			await release()
		}
	} catch (error) {
		const reason = (error as NodeJS.ErrnoException).code ?? String(error)
		const hint = `make the folder writable, or set ${names.join(' and ')} in the environment`
		throw new CliError(exitCodes.failed, 'failed', `${path} cannot be written (${reason})`, hint)
	}
}

const introduction = `# Made by claude-proxy at its first start. Keep it: without ENCRYPTION_KEY the stored upstream keys are lost.
# All variables: .env.example
`

/** As Node's `.env` reader takes it back: it knows three kinds of quotes and no escapes. */
function quoteValue(value: string): string {
	if (!/[#\s'"`]/.test(value)) return value
	const quote = ["'", '"', '`'].find(kind => !value.includes(kind))
	if (quote === undefined) throw new Error('a value has all three kinds of quotes in it')
	return `${quote}${value}${quote}`
}

const endWithNewline = (text: string) => (text.endsWith('\n') ? text : `${text}\n`)

/** A lock older than this was left by a process that died. */
const staleLockMs = 10_000
const lockTries = 400

/** Held by one process at a time; what it returns lets go. */
export async function lock(path: string): Promise<() => Promise<void>> {
	for (let tries = 0; tries < lockTries; tries++) {
		try {
			await writeFile(path, String(process.pid), { flag: 'wx', mode: 0o600 })
			return () => unlink(path).catch(() => {})
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
			const age = await stat(path).then(
				({ mtimeMs }) => Date.now() - mtimeMs,
				() => 0,
			)
			if (age > staleLockMs) await rm(path, { force: true })
			else await new Promise(resolve => setTimeout(resolve, 25))
		}
	}
	throw new Error(`${path} is held by another process: remove it if none is running`)
}

function withoutBlanks(variables: EnvFile): EnvFile {
	return Object.fromEntries(Object.entries(variables).filter(([, value]) => value?.trim()))
}

function isMissing(error: unknown): boolean {
	return (error as NodeJS.ErrnoException).code === 'ENOENT'
}
