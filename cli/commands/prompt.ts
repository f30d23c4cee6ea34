import type { StreamEvent } from '../../core/messages/events.ts'
import { gatherMessage } from '../../core/messages/gather-message.ts'
import type { ConfigUpstream } from '../../db/index.ts'
import { toAddress } from '../address.ts'
import { askProxy, askUpstream, type MessagesAnswer, type MessagesCall } from '../ask-messages.ts'
import type { Command, CommandCall, CommandResult } from '../command.ts'
import type { ConfigSession } from '../config-session.ts'
import { CliError, exitCodes } from '../errors.ts'
import { findUpstream } from '../find-upstream.ts'
import { notFoundError, programMark, usageError } from '../refuse.ts'
import { findProxy } from '../running-proxy.ts'
import { tellWaiting } from '../tell-waiting.ts'
import { toOneLine } from '../ui/clean-text.ts'
import { openUpstreamAccess } from '../upstream-access.ts'

const usualModel = 'claude-sonnet-5-5'
const usualTokens = 1024

export const prompt: Command = {
	usage: ['prompt <text> [options]', 'prompt - [options] < file'],
	options: {
		upstream: { value: 'upstream', description: 'ask this one; the current one unless told' },
		model: { value: 'model', description: `as a client would ask for it; ${usualModel} unless told` },
		system: { value: 'text', description: 'what the model is told beforehand' },
		'max-tokens': { value: 'number', description: `longest answer; ${usualTokens} unless told` },
		stream: { description: 'show the answer as it comes; the usual way' },
		'no-stream': { description: 'ask for the answer as a whole' },
		direct: { description: 'do not go through a proxy that runs' },
	},
	examples: [
		'prompt "Say hello"',
		'prompt "Why is the sky blue?" --upstream kimi --model claude-haiku-4-5',
		'git diff | npm run --silent config -- prompt - --system "Review this change"',
	],
	details: ['Goes through the proxy that runs here, and is in its log then; else asks the upstream itself.'],
	run,
}

async function run(call: CommandCall): Promise<CommandResult> {
	const body = readBody(call)
	const text = await readText(call)
	const session = await call.openSession()
	const stop = new AbortController()
	const release = call.io.onInterrupt(() => stop.abort())
	const started = performance.now()
	try {
		const printer = createPrinter(call)
		const begun = Promise.withResolvers<void>()
		const asked: MessagesCall = {
			body: { ...body, messages: [{ role: 'user', content: text }] },
			signal: stop.signal,
			onEvent(event) {
				begun.resolve()
				printer.show(event as unknown as StreamEvent)
			},
		}
		const sending = send(call, session, asked)
		const over = sending.then(
			() => {},
			() => {},
		)
		await tellWaiting(call, 'waiting for the answer …', Promise.race([begun.promise, over]))
		const { answer, upstream, via } = await sending
		if (stop.signal.aborted) throw leave(printer)
		const ms = Math.round(performance.now() - started)
		return describe(call, answer, { upstream, via, ms, printer })
	} finally {
		release()
	}
}

function leave(printer: Printer): CliError {
	printer.finish()
	return new CliError(exitCodes.cancelled, 'cancelled', 'cancelled: the upstream was told to stop')
}

function readBody({ options }: CommandCall): Record<string, unknown> {
	const tokens = options.text('max-tokens') ?? String(usualTokens)
	if (!/^[1-9]\d{0,6}$/.test(tokens)) throw usageError('--max-tokens must be a whole number')
	if (options.has('stream') && options.has('no-stream')) throw usageError('--stream or --no-stream, not both')
	const system = options.text('system')
	return {
		model: options.text('model') ?? usualModel,
		max_tokens: Number(tokens),
		stream: !options.has('no-stream'),
		...(system !== undefined && { system }),
	}
}

const maxText = 10_000_000

async function readText({ words, io }: CommandCall): Promise<string> {
	const [word, ...rest] = words
	if (word === undefined || rest.length > 0)
		throw usageError('prompt takes one text: quote it, or give - for stdin')
	const hint = 'type the prompt, then press Ctrl-D'
	const text = word === '-' ? await io.readInput({ hint, maxLength: maxText }) : word
	if (text.trim() !== '') return text
	throw usageError('the prompt is empty')
}

interface Sent {
	answer: MessagesAnswer
	upstream: ConfigUpstream
	/** The proxy's address, or an upstream's name. */
	via: string
}

async function send(call: CommandCall, session: ConfigSession, asked: MessagesCall): Promise<Sent> {
	const { options } = call
	const { HOST, PORT, HEALTH_CHECK_PATH, PROXY_ACCESS_KEY = '' } = session.environment
	const config = await session.read()
	const word = options.text('upstream')
	const upstream =
		word === undefined
			? config.upstreams.find(({ id }) => id === config.currentUpstreamId)
			: findUpstream(config, word)
	if (!upstream) {
		const hint = `choose one: ${programMark} use <upstream>, or name one: --upstream <upstream>`
		throw notFoundError('no upstream is current', hint)
	}
	const address = toAddress(HOST, PORT)
	const isCurrent = upstream.id === config.currentUpstreamId
	if (isCurrent && !options.has('direct')) {
		const found = await findProxy(address, HEALTH_CHECK_PATH)
		if (found && found !== 'foreign') {
			return { answer: await askProxy(address, PROXY_ACCESS_KEY, asked), upstream, via: address }
		}
	}
	const access = await openUpstreamAccess(session)
	try {
		return { answer: await askUpstream(access, upstream.id, asked), upstream, via: upstream.name }
	} finally {
		await access.flush()
		access.close()
	}
}

interface Printer {
	show(event: StreamEvent): void
	/** Ends the line that is open. */
	finish(): void
}

/** Text as it comes; thinking and calls of tools on stderr, so that a pipe gets the answer only. */
function createPrinter({ io, style, options }: CommandCall): Printer {
	const asJson = options.has('json')
	let open: 'text' | 'thinking' | undefined
	const write = (kind: 'text' | 'thinking', text: string) => {
		if (open !== undefined && open !== kind) finish()
		open = kind
		const shown = cleanText(text)
		if (kind === 'text') io.write(shown)
		else io.writeError(style.faint(shown))
	}
	const finish = () => {
		if (open === 'text') io.write('\n')
		else if (open === 'thinking') io.writeError('\n')
		open = undefined
	}
	return {
		finish,
		show(event) {
			if (asJson || event.type !== 'content_block_delta') return
			const { delta } = event
			if (delta.type === 'text_delta') write('text', delta.text)
			else if (delta.type === 'thinking_delta') write('thinking', delta.thinking)
		},
	}
}

/** Line breaks and tabs stay; what else steers a terminal goes. */
function cleanText(text: string): string {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
	return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '')
}

interface AnswerMessage {
	model?: string
	stop_reason?: string | null
	usage?: { input_tokens?: number; output_tokens?: number }
	content?: { type: string; text?: string }[]
}

function describe(
	{ io, style, options }: CommandCall,
	answer: MessagesAnswer,
	{ upstream, via, ms, printer }: Omit<Sent, 'answer'> & { ms: number; printer: Printer },
): CommandResult {
	printer.finish()
	const failure = findError(answer)
	if (failure !== undefined) {
		const hint = adviseOn(upstream, answer.status)
		throw new CliError(exitCodes.upstream, 'upstream-failed', `${via}: ${toOneLine(failure)}`, hint)
	}
	const message = (answer.json ?? gatherMessage(answer.events) ?? {}) as AnswerMessage
	const { usage, model = '' } = message
	const counts = usage ? `${usage.input_tokens ?? 0} tokens in, ${usage.output_tokens ?? 0} out` : ''
	if (!options.has('json')) {
		io.writeError(`${style.faint([via, model, `${ms} ms`, counts].filter(Boolean).join(' · '))}\n`)
	}
	const text = answer.json === undefined ? [] : (message.content ?? []).flatMap(block => block.text ?? [])
	return { data: { via, ms, message }, lines: text.flatMap(part => cleanText(part).split('\n')) }
}

function adviseOn({ name, keys }: ConfigUpstream, status: number): string | undefined {
	if (keys.length === 0) return `give it a key: ${programMark} key ${name} add <key>`
	if (status === 401 || status === 403) return `look at its keys: ${programMark} key ${name} list`
	if (status === 404) {
		return `name a model that it has: --model <model>; ${programMark} models ${name} lists them`
	}
	return undefined
}

function findError({ status, json, events }: MessagesAnswer): string | undefined {
	const failed = (events.find(({ type }) => type === 'error') ?? (status === 200 ? undefined : json)) as
		| { error?: { message?: unknown } }
		| undefined
	if (failed === undefined && status === 200) return undefined
	const message = failed?.error?.message
	return `${status === 200 ? '' : `${status} `}${typeof message === 'string' ? message : 'no answer'}`
}
