import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { type Environment, placeholderAccessKey, readEnvironment } from '../core/config/environment.ts'
import { generateEncryptionKey } from '../db/index.ts'
import { CliError, exitCodes } from './errors.ts'

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

type SecretName = keyof typeof generators

const fileName = '.env'

/**
 * Reads `.env` of the current folder and the process's environment, which wins. Secrets that neither has are made
 * and written to `.env` (0600), so that a first start needs no preparation.
 * @throws CliError usage, naming every wrong variable; failed, when `.env` cannot be written
 */
export async function loadEnvironment(directory: string = process.cwd()): Promise<LoadedEnvironment> {
	const path = join(directory, fileName)
	let file = await readEnvFile(path)
	const missing = (Object.keys(generators) as SecretName[]).filter(
		name => !process.env[name]?.trim() && !file[name]?.trim(),
	)
	if (missing.length > 0) {
		await addSecrets(directory, path, missing)
		file = await readEnvFile(path)
	}
	const result = readEnvironment({ ...file, ...withoutBlanks(process.env) })
	if (!result.ok) {
		throw new CliError(
			exitCodes.usage,
			'usage',
			result.problems.join('\n'),
			`correct it in ${path} or in the environment`,
		)
	}
	const { environment } = result
	const { PROXY_ACCESS_KEY = '', ENCRYPTION_KEY = '' } = environment
	refusePlaceholder(environment)
	return {
		environment: { ...environment, PROXY_ACCESS_KEY, ENCRYPTION_KEY },
		accessKeySource: process.env.PROXY_ACCESS_KEY?.trim() ? 'the environment' : path,
		generated: missing,
	}
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

async function readEnvFile(path: string): Promise<Record<string, string | undefined>> {
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
 * Adds secrets to `.env`. Several processes may start at once: one of them writes, the others take what it wrote.
 * The whole file is put in place by one rename (or link, when it is new), so no one ever reads half of it.
 */
async function addSecrets(directory: string, path: string, names: SecretName[]): Promise<void> {
	const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
	try {
		await mkdir(directory, { recursive: true })
		const release = await lock(`${path}.lock`)
		try {
			const text = await readFile(path, 'utf8').catch(error => {
				if (isMissing(error)) return undefined
				throw error
			})
			const present = text === undefined ? {} : parseEnv(text)
			const lines = names.filter(name => !present[name]?.trim()).map(name => `${name}=${generators[name]()}`)
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

const endWithNewline = (text: string) => (text.endsWith('\n') ? text : `${text}\n`)

/** A lock older than this was left by a process that died. */
const staleLockMs = 10_000
const lockTries = 400

async function lock(path: string): Promise<() => Promise<void>> {
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

function withoutBlanks(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	return Object.fromEntries(Object.entries(variables).filter(([, value]) => value?.trim()))
}

function isMissing(error: unknown): boolean {
	return (error as NodeJS.ErrnoException).code === 'ENOENT'
}
