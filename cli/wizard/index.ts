import { existsSync } from 'node:fs'
import { openConfigSession } from '../config-session.ts'
import { findEnvironment } from '../environment.ts'
import { CliError, type ExitCode, exitCodes } from '../errors.ts'
import type { CliIo } from '../io.ts'
import type { WizardContext } from './context.ts'
import { runFirst } from './first-run.ts'
import { runMenu } from './menu.ts'
import { createPrompter, WizardLeft } from './prompter.ts'
import { chooseTexts } from './texts.ts'

/** What `claude-proxy` without a command does in a terminal: sets everything up, later asks what to do. */
export async function runWizard(io: CliIo): Promise<ExitCode> {
	const found = await findEnvironment()
	const texts = chooseTexts(io.language)
	const context: WizardContext = {
		...{ io, ask: createPrompter(texts.prompts), texts, environment: found.environment },
		...{ known: undefined, steps: [], busy: { runs: 0 } },
	}
	const release = leaveOnInterrupt(context)
	const isNew = found.missing.length > 0 || !mayHoldDatabase(found.environment.TURSO_DATABASE_URL)
	try {
		if (!isNew) context.known = await readKnown(io)
		const upstreams = context.known?.config.upstreams ?? []
		const ended = upstreams.length === 0 ? await runFirst(context, found) : await runMenu(context)
		release()
		return ended.start ? await serve() : ended.exitCode
	} catch (error) {
		if (!(error instanceof WizardLeft)) throw error
		const { cancelled } = context.texts
		context.ask.cancelled(context.steps.length > 0 ? cancelled.skipped(context.steps) : cancelled.nothing)
		return exitCodes.cancelled
	} finally {
		process.stdin.pause()
	}
}

function tellCancelled({ ask, texts, steps }: WizardContext): void {
	const { cancelled } = texts
	ask.cancelled(steps.length > 0 ? cancelled.skipped(steps) : cancelled.nothing)
}

/** Ctrl-C between two questions, where the terminal is nobody's. A question takes the key itself. */
function leaveOnInterrupt(context: WizardContext): () => void {
	const leave = () => {
		if (context.busy.runs > 0) return
		tellCancelled(context)
		process.exit(exitCodes.cancelled)
	}
	process.on('SIGINT', leave)
	return () => process.off('SIGINT', leave)
}

/** A server may; a file that is not there holds nothing. */
function mayHoldDatabase(url: string): boolean {
	const path = /^file:(?:\/\/)?([^?#]*)/.exec(url)?.[1]
	return path === undefined || existsSync(path)
}

async function readKnown(io: CliIo): Promise<WizardContext['known']> {
	try {
		const session = await openConfigSession(text => io.writeError(`note: ${text}\n`))
		try {
			return { config: await session.read(), keyRing: session.keyRing }
		} finally {
			session.close()
		}
	} catch (error) {
		// A server that is named in .env and not migrated yet is about to be.
		if (error instanceof CliError && error.code === 'not-migrated') return undefined
		throw error
	}
}

async function serve(): Promise<ExitCode> {
	const { runServe } = await import('../serve.ts')
	await runServe({ dev: false })
	return exitCodes.ok
}
