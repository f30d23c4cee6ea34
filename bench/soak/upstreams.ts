import {
	type Fault,
	type RecordedRequest,
	type ScriptedAnswer,
	type ScriptedUpstream,
	startAnthropicUpstream,
	startOpenAiUpstream,
} from '../../test/support/upstreams/index.ts'

/** Both work, each with keys that fail. */
export const upstreamNames = ['blue', 'green'] as const
export type UpstreamName = (typeof upstreamNames)[number]

export const upstreamTypes: Record<UpstreamName, string> = { blue: 'openai', green: 'claude' }

/** What `opus` is mapped to, in turn. */
export const models: Record<UpstreamName, readonly string[]> = {
	blue: ['gpt-4.1', 'gpt-4.1-mini', 'gpt-4.1-nano', 'gpt-5-chat-latest'],
	green: ['claude-opus-4-5', 'claude-sonnet-4-5', 'claude-haiku-4-5', 'claude-sonnet-4-6'],
}

/** How a key behaves stands in the key. */
export const badPersonas = [
	'auth',
	'limited',
	'spent',
	'broken',
	'silent',
	'reset',
	'cut',
	'refusing',
] as const
export type Persona = 'good' | (typeof badPersonas)[number]

/** In every key: what nothing may print. */
export const plantedSecret = '0123456789abcdef'
let serial = 0
/** Masks keep the last four characters: good keys are known by them. */
export const goodEnd = 'good'
export function makeKey(persona: Persona): string {
	return `sk-soak-${persona}-${plantedSecret}-${serial++}-${persona === 'good' ? goodEnd : 'fail'}`
}

const filler = 'and as many words as it takes to make a stream of more than one piece.'

/** What an upstream answers: who it is, the model that it was asked for, and the number of the request. */
export const answerText = (name: UpstreamName, model: string, mark: string) =>
	`${name} ${model} ${mark} ${filler}`

export interface Upstreams {
	urls: Record<UpstreamName, string>
	/** Marks of the requests whose stream was broken off after the first words. */
	broken: Set<string>
	/** Sent in all; failing on purpose. */
	counts: { answered: number; failed: number }
	close(): Promise<void>
}

export async function startUpstreams(): Promise<Upstreams> {
	const broken = new Set<string>()
	const counts = { answered: 0, failed: 0 }
	const create = async (name: UpstreamName): Promise<ScriptedUpstream> => {
		const start = name === 'blue' ? startOpenAiUpstream : startAnthropicUpstream
		const upstream = await start({
			onRequest(request) {
				upstream.requests.splice(0)
				const reply = answer(name, request, broken)
				counts['fault' in reply ? 'failed' : 'answered']++
				return reply
			},
		})
		return upstream
	}
	const [blue, green] = await Promise.all([create('blue'), create('green')])
	return {
		...{ urls: { blue: blue.url, green: green.url }, broken, counts },
		close: async () => void (await Promise.all([blue.close(), green.close()])),
	}
}

function answer(
	name: UpstreamName,
	{ key = '', body }: RecordedRequest,
	broken: Set<string>,
): ScriptedAnswer | { fault: Fault } {
	const persona = (/^sk-soak-([a-z]+)-/.exec(key)?.[1] ?? 'auth') as Persona
	const { model, stream } = body as { model: string; stream?: boolean }
	const mark = /#\d+#/.exec(JSON.stringify(body))?.[0] ?? ''
	const text = answerText(name, model, mark)
	const fault = chooseFault(persona)
	if (fault !== undefined) return { fault }
	if (persona === 'refusing' && stream) return { text, errorAfterEvents: 0 }
	if (persona !== 'cut' || Math.random() < 0.5) return { text, delayMs: 3 }
	if (!stream) return { text, cutAfterBytes: 20 }
	if (Math.random() < 0.5) return { text, cutAfterEvents: 1 }
	broken.add(mark)
	return { text, cutAfterEvents: 6, delayMs: 3 }
}

/** Nothing when the key works this time. */
function chooseFault(persona: Persona): Fault | undefined {
	const fails = Math.random() < 0.5
	switch (persona) {
		case 'auth':
			return { status: 401, body: errorBody('authentication_error', 'invalid api key') }
		case 'spent':
			return { status: 402, body: errorBody('billing_error', 'Insufficient balance') }
		case 'limited': {
			const headers = { 'retry-after': '2' }
			return fails ? { status: 429, headers, body: errorBody('rate_limit_error', 'Too fast') } : undefined
		}
		case 'broken': {
			const faults: Fault[] = [
				...[500, 503, 529].map(status => ({ status, body: errorBody('api_error', 'Try later') })),
				...(['html', 'empty'] as const),
			]
			return fails ? faults[Math.floor(Math.random() * faults.length)] : undefined
		}
		case 'silent':
			return fails ? 'hang' : undefined
		case 'reset':
			return fails ? 'reset' : undefined
		default:
			return undefined
	}
}

const errorBody = (type: string, message: string) => ({ type: 'error', error: { type, message } })
