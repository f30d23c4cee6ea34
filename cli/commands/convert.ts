import type { UpstreamSnapshot } from '../../core/config/snapshot.ts'
import { upstreamInputSchema } from '../../core/config/upstream.ts'
import type { Note } from '../../core/messages/notes.ts'
import { type DryRun, type DryRunInput, dryRunRequest } from '../../core/proxy/dry-run.ts'
import { ProxyError } from '../../core/proxy/errors.ts'
import { findAdapter } from '../../core/upstreams/registry.ts'
import type { Command, CommandCall, CommandResult } from '../command.ts'
import { CliError, exitCodes } from '../errors.ts'
import { findUpstream } from '../find-upstream.ts'
import { readTextFile } from '../io.ts'
import { notFoundError, usageError } from '../refuse.ts'
import { toOneLine } from '../ui/clean-text.ts'
import { openUpstreamAccess } from '../upstream-access.ts'
import { readType } from '../upstream-fields.ts'

export const convert: Command = {
	usage: [
		'convert <file> [--to <type> | --upstream <upstream>] [--curl]',
		'convert <file> --answer [--to <type> | --upstream <upstream>] [--request <file>] [--stream]',
	],
	options: {
		to: { value: 'type', description: 'convert for this upstream type' },
		upstream: {
			value: 'upstream',
			description: 'for this upstream, its model map and what was learned of it',
		},
		curl: { description: 'the command that would send it; $UPSTREAM_KEY stands for the key' },
		answer: { description: 'the file is what an upstream answered: JSON or an event stream' },
		request: { value: 'file', description: 'answer: the request that it answers, for names of tools' },
		stream: { description: 'answer: as events, not as one message' },
		status: { value: 'number', description: 'answer: its HTTP status; 200 unless told' },
	},
	examples: [
		'convert request.json --to gemini',
		'convert request.json --upstream kimi --json',
		'convert answer.sse --answer --to openai',
	],
	details: [
		'Nothing is sent. - is stdin. Without --to and --upstream, it is for the current upstream.',
		'The result goes to stdout, what the conversion changed or left out to stderr.',
	],
	run,
}

/** A conversation with images may be large. */
const maxCharacters = 100_000_000

async function run(call: CommandCall): Promise<CommandResult> {
	const [path, ...rest] = call.words
	if (path === undefined || rest.length > 0)
		throw usageError('convert takes one file: convert <file> --to openai')
	const { options } = call
	if (options.has('to') && options.has('upstream')) throw usageError('--to or --upstream, not both')
	const stray = ['request', 'stream', 'status'].find(name => options.has(name))
	if (!options.has('answer') && stray !== undefined) throw usageError(`--${stray} goes with --answer`)
	if (options.has('answer') && options.has('curl'))
		throw usageError('--curl is for requests, not for answers')
	const text = await readFile(call, path)
	const target = await findTarget(call)
	if (!options.has('answer')) return convertRequest(call, text, target)
	const { convertAnswer } = await import('../convert-answer.ts')
	return convertAnswer(call, text, target.upstream)
}

async function readFile({ io }: CommandCall, path: string): Promise<string> {
	const hint = 'paste it, then press Ctrl-D'
	const text =
		path === '-' ? await io.readInput({ hint, maxLength: maxCharacters }) : await readTextFile(path)
	if (text.trim() !== '') return text
	throw usageError(`${path === '-' ? 'stdin' : path} is empty`)
}

interface Target {
	upstream: UpstreamSnapshot
	factsOf: NonNullable<DryRunInput['factsOf']>
}

async function findTarget(call: CommandCall): Promise<Target> {
	const type = call.options.text('to')
	if (type !== undefined) {
		const name = readType(type)
		const baseUrl = findAdapter(name)?.baseUrlExample ?? ''
		const fields = upstreamInputSchema.parse({ name, type: name, baseUrl })
		return { upstream: { ...fields, id: 'dry-run', keys: [] }, factsOf: () => [] }
	}
	const session = await call.openSession()
	const config = await session.read()
	const word = call.options.text('upstream') ?? config.currentUpstreamId
	if (word === undefined) throw notFoundError('no upstream is current', 'name one, or a type: --to openai')
	const { id } = findUpstream(config, word)
	const access = await openUpstreamAccess(session)
	access.close()
	const upstream = access.snapshot.upstreams.find(one => one.id === id)
	if (!upstream) throw new Error('the upstream has been removed by someone else just now')
	const factsOf = (model: string) => access.services.learnedFacts.of(id, model)
	return { upstream, factsOf }
}

function convertRequest(call: CommandCall, text: string, { upstream, factsOf }: Target): CommandResult {
	if (!findAdapter(upstream.type)) throw usageError(`this version does not know the type of ${upstream.name}`)
	const { request, notes, model, upstreamModel, curl } = convertText(text, { upstream, factsOf })
	const { method, url, headers } = request
	const body = readBody(request.body)
	const data = { method, url, headers, body, model, upstreamModel, notes, curl }
	if (call.options.has('curl')) return { data, lines: curl.split('\n') }
	if (!call.options.has('json')) {
		call.io.writeError(`${call.style.faint(`${method} ${url}`)}\n`)
		tellNotes(call, notes)
	}
	return { data, lines: JSON.stringify(body, null, 2).split('\n') }
}

function convertText(text: string, target: Target): DryRun {
	try {
		return dryRunRequest({ ...target, findAdapter, request: new TextEncoder().encode(text) })
	} catch (error) {
		if (!(error instanceof ProxyError)) throw error
		throw new CliError(
			exitCodes.failed,
			'refused',
			`the proxy would answer ${error.status}: ${error.message}`,
		)
	}
}

export function tellNotes(call: CommandCall, notes: readonly Note[]): void {
	for (const { action, field, detail } of notes) call.note(toOneLine(`${action} ${field}: ${detail}`))
}

function readBody(text: string): unknown {
	try {
		return JSON.parse(text)
	} catch {
		return text
	}
}
