import { copyFile, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { lock } from './environment.ts'
import { CliError, exitCodes } from './errors.ts'
import { findHome } from './home.ts'

/**
 * Gives a variable of `.env` another value and leaves every other line alone. The file as it was is kept beside it.
 * @throws CliError failed, when the file does not say `before`, or cannot be written; nothing was changed then
 */
export async function changeEnvFile(
	name: string,
	before: string,
	after: string,
	directory: string = findHome().directory,
): Promise<{ path: string; backup: string }> {
	const path = join(directory, '.env')
	const temporary = `${path}.${process.pid}.tmp`
	const release = await lock(`${path}.lock`)
	try {
		const text = await readFile(path, 'utf8')
		const changed = replaceLine(text, name, after)
		if (parseEnv(text)[name]?.trim() !== before || parseEnv(changed)[name] !== after) {
			throw new Error(`it does not have ${name} in a line of its own`)
		}
		const backup = `${path}.backup-${new Date().toISOString().replace(/[:.]/g, '-')}`
		await writeFile(temporary, changed, { mode: 0o600 })
		await copyFile(path, backup)
		await rename(temporary, path)
		return { path, backup }
	} catch (error) {
		const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message
		const hint = `change the value of ${name} there by hand`
		throw new CliError(exitCodes.failed, 'failed', `${path} cannot be changed (${reason})`, hint)
	} finally {
		await rm(temporary, { force: true })
		await release()
	}
}

/** The last line counts where a variable is there twice. */
function replaceLine(text: string, name: string, value: string): string {
	const lines = text.split('\n')
	const pattern = new RegExp(`^\\s*(?:export\\s+)?${name}\\s*=`)
	const at = lines.findLastIndex(line => pattern.test(line))
	if (at === -1) return text
	const [head = ''] = pattern.exec(lines[at] ?? '') ?? []
	const end = lines[at]?.endsWith('\r') ? '\r' : ''
	return lines.with(at, `${head}${value}${end}`).join('\n')
}
