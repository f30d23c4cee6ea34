import { chmod, copyFile, mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { CliError, exitCodes } from './errors.ts'
import { stripBom } from './ui/clean-text.ts'

/** Claude Code's settings of this user: https://docs.claude.com/en/docs/claude-code/settings */
export function findClaudeSettings(variables: NodeJS.ProcessEnv = process.env): string {
	const folder = variables.CLAUDE_CONFIG_DIR?.trim() || join(homedir(), '.claude')
	return join(folder, 'settings.json')
}

/**
 * Undefined when there is no file.
 * @throws CliError failed, when there is one that cannot be read
 */
export async function readClaudeSettings(path: string): Promise<string | undefined> {
	try {
		return stripBom(await readFile(path, 'utf8'))
	} catch (error) {
		const { code = 'unknown reason' } = error as NodeJS.ErrnoException
		if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
		throw new CliError(exitCodes.failed, 'failed', `${path} cannot be read (${code})`)
	}
}

/**
 * Puts the file in place whole; the one before is kept beside it. A link stays a link: settings are often kept
 * elsewhere.
 * @throws CliError failed; nothing was changed then
 */
export async function writeClaudeSettings(
	path: string,
	text: string,
): Promise<{ backup: string | undefined }> {
	const temporary = `${path}.${process.pid}.tmp`
	try {
		await mkdir(dirname(path), { recursive: true })
		const target = await realpath(path).catch(() => path)
		const mode = await stat(target).then(
			({ mode: bits }) => bits & 0o777,
			() => undefined,
		)
		const backup =
			mode === undefined ? undefined : `${path}.backup-${new Date().toISOString().replace(/[:.]/g, '-')}`
		await writeFile(temporary, text, { mode: 0o600 })
		if (mode !== undefined && backup !== undefined) {
			await chmod(temporary, mode)
			await copyFile(target, backup)
		}
		await rename(temporary, target).catch(() => copyFile(temporary, target))
		return { backup }
	} catch (error) {
		const { code = 'unknown reason' } = error as NodeJS.ErrnoException
		throw new CliError(exitCodes.failed, 'failed', `${path} cannot be written (${code})`)
	} finally {
		await rm(temporary, { force: true })
	}
}

/** `~/.claude/settings.json` */
export function shortenPath(path: string): string {
	const home = homedir()
	return path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path
}
