import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { parseEnv } from 'node:util'

/** Where `.env` and the database file are. */
export interface Home {
	directory: string
	/** Of a file database, where nothing names another. */
	databaseUrl: string
}

/** Names of `.env` files that are ours: other projects have such files too. */
const ownNames = ['PROXY_ACCESS_KEY', 'ENCRYPTION_KEY', 'TURSO_DATABASE_URL']

export interface HomeSearch {
	workingDirectory: string
	/** Folder of the running program. */
	program: string
	variables: NodeJS.ProcessEnv
	userDirectory: string
}

/**
 * A checkout works in its own folder. An installed program works wherever it is called: with the folder it is called
 * in when that holds a configuration of ours, else with `~/.claude-proxy`. CLAUDE_PROXY_HOME overrules both.
 */
export function findHome(search: Partial<HomeSearch> = {}): Home {
	const {
		workingDirectory = process.cwd(),
		program = import.meta.dirname,
		variables = process.env,
		userDirectory = homedir(),
	} = search
	const chosen = variables.CLAUDE_PROXY_HOME?.trim()
	if (chosen) return ownFolder(resolve(workingDirectory, chosen))
	const here = { directory: workingDirectory, databaseUrl: 'file:data/claude-proxy.db' }
	return isInstalled(program) && !holdsConfiguration(workingDirectory)
		? ownFolder(join(userDirectory, '.claude-proxy'))
		: here
}

function ownFolder(directory: string): Home {
	return { directory, databaseUrl: `file:${join(directory, 'data.db')}` }
}

/** `…/node_modules/claude-proxy/dist/cli`: put there by a package manager. */
function isInstalled(program: string): boolean {
	return /[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?claude-proxy[\\/]/.test(`${program}/`)
}

function holdsConfiguration(directory: string): boolean {
	if (existsSync(join(directory, 'data/claude-proxy.db'))) return true
	try {
		const file = parseEnv(readFileSync(join(directory, '.env'), 'utf8'))
		return ownNames.some(name => file[name]?.trim())
	} catch {
		return false
	}
}

/** A relative `file:` URL of an `.env` elsewhere counts from that folder. */
export function locateDatabase(url: string, directory: string): string {
	const path = /^file:(?!\/\/)(.*)$/.exec(url)?.[1]
	if (path === undefined || isAbsolute(path) || directory === process.cwd()) return url
	return `file:${join(directory, path)}`
}
