import { describeAsCurl, keyVariable } from '../../core/proxy/curl.ts'
import { type PayloadsView, type PayloadView, viewRecording } from '../../core/recording/payload-view.ts'
import { openPayloads } from '../../db/index.ts'
import type { CommandCall } from '../command.ts'
import type { ConfigSession } from '../config-session.ts'
import { notFoundError, programMark } from '../refuse.ts'
import type { Style } from '../ui/style.ts'

/** The recorded bodies of a request. @throws CliError that says where recording is set */
export async function readPayloads(
	{ database, keyRing, repository }: Pick<ConfigSession, 'database' | 'keyRing' | 'repository'>,
	requestId: string,
): Promise<PayloadsView> {
	const { recording } = (await repository.listSettings()).settings
	const stored = await openPayloads(database, keyRing, requestId, recording.days)
	if (stored) return viewRecording(stored)
	throw notFoundError(
		'the bodies of this request were not recorded, or are no longer kept',
		`recording is set to ${recording.mode}, for ${recording.days} days: ${programMark} settings set recording.mode all`,
	)
}

type Speaker = Pick<CommandCall, 'style' | 'texts'>

/** The four bodies one below the other, for people. */
export function describePayloads(payloads: PayloadsView, speaker: Speaker): string[] {
	const { say } = speaker.texts
	const { clientRequest, upstreamRequest, upstreamAnswer, clientAnswer, attempts } = payloads
	const earlier = attempts
		.slice(0, -1)
		.flatMap((attempt, index) => [
			...describePayload(say(`Upstream request of attempt ${index + 1}`), attempt.upstreamRequest, speaker),
			...describePayload(say(`Upstream answer of attempt ${index + 1}`), attempt.upstreamAnswer, speaker),
			...(attempt.problem === '' ? [] : [clean(attempt.problem), '']),
		])
	return [
		...describePayload(say('Client request'), clientRequest, speaker),
		...earlier,
		...describePayload(say('Upstream request'), upstreamRequest, speaker),
		...describePayload(say('Upstream answer'), upstreamAnswer, speaker),
		...describePayload(say('Client answer'), clientAnswer, speaker),
	]
}

function describePayload(title: string, payload: PayloadView | null, { style, texts }: Speaker): string[] {
	if (!payload) return [style.strong(title), texts.label('none'), '']
	const { method, url, status, headers, bytes, truncated } = payload
	const first = [method, url, status].filter(part => part !== undefined).join(' ')
	const size = texts.say(truncated ? `${bytes} bytes, not all of them kept` : `${bytes} bytes`)
	return [
		style.strong(title),
		`${clean(first)} ${style.faint(size)}`,
		...Object.entries(headers).map(([name, value]) => style.faint(clean(`${name}: ${value}`))),
		'',
		...describeBody(payload, style),
		'',
	]
}

function describeBody({ text = '', events }: PayloadView, style: Style): string[] {
	if (!events) return indent(text).split('\n').map(clean)
	return events.flatMap(event => [
		style.faint(`+${event.at} ms`),
		...event.text.split(/\r\n|\r|\n/).map(clean),
	])
}

/** Bodies that were cut are no JSON any more: they stay as they are. */
function indent(text: string): string {
	try {
		return JSON.stringify(JSON.parse(text), null, 2)
	} catch {
		return text
	}
}

/** What others wrote must not steer the terminal. */
const clean = (text: string) =>
	text.replace(/[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, ' ')

const keyHeader = /^(?:x-api-key|api-key|x-goog-api-key)$/
const bearerHeader = /^authorization$/

/** The command that sends the upstream's request again; `$UPSTREAM_KEY` stands for the key. */
export function writeCurl({ upstreamRequest }: PayloadsView): string {
	if (!upstreamRequest) throw notFoundError('nothing was sent to an upstream')
	if (upstreamRequest.truncated)
		throw notFoundError(
			'the request was not recorded whole',
			`raise it: ${programMark} settings set recording.maxKb 1024`,
		)
	const { method = 'POST', url = '', headers, text: body } = upstreamRequest
	const filled = Object.entries(headers).map(([name, value]): [string, string] => {
		if (keyHeader.test(name)) return [name, `$${keyVariable}`]
		return [name, bearerHeader.test(name) ? `Bearer $${keyVariable}` : value]
	})
	return describeAsCurl({ method, url, headers: Object.fromEntries(filled), body }, isStream(upstreamRequest))
}

const isStream = ({ text = '', url = '' }: PayloadView) =>
	/"stream":\s*true/.test(text) || url.includes('alt=sse')
