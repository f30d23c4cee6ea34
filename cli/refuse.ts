import { CliError, exitCodes } from './errors.ts'

/** The command line itself is at fault; nothing was done. */
export function usageError(message: string, hint?: string): CliError {
	return new CliError(exitCodes.usage, 'usage', message, hint)
}

export function notFoundError(message: string, hint?: string): CliError {
	return new CliError(exitCodes.notFound, 'not-found', message, hint)
}

/** Stands in hints for the way this program is called here; replaced when the hint is printed. */
export const programMark = '{program}'

/** Where a name has to be given. */
export const listHint = `${programMark} list shows them`
