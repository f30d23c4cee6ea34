import { Agent, type IncomingMessage, request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { checkJson, checkStream, type Verdict } from './check-answer.ts'
import type { Instance } from './instance.ts'
import { accessKey, plantedModel } from './places.ts'
import type { Problems } from './tally.ts'
import type { Visibility } from './visibility.ts'

export interface LoadOptions {
	instance: Instance
	visibility: Visibility
	/** Marks of streams that the upstream broke off. */
	broken: Set<string>
	problems: Problems
	clients: number
	until: number
}

/** Each client sends one request after the other, half of them streams, and leaves one of fifty. */
export async function runLoad(options: LoadOptions): Promise<void> {
	const agent = new Agent({ keepAlive: true })
	const client = async () => {
		while (Date.now() < options.until) {
			await sendOne(options, agent)
			await pause(20 + Math.random() * 100)
		}
	}
	await Promise.all(Array.from({ length: options.clients }, client))
	agent.destroy()
}

let serial = 0

async function sendOne(options: LoadOptions, agent: Agent): Promise<void> {
	const { instance, problems, broken } = options
	const mark = `#${++serial}#`
	const stream = Math.random() < 0.5
	const leaves = stream && Math.random() < 0.04
	const from = Date.now()
	try {
		const { status, text } = await exchange(instance.url, { agent, mark, stream, leaves })
		const to = Date.now()
		instance.tally.slowestMs = Math.max(instance.tally.slowestMs, to - from)
		if (status !== 200) {
			instance.tally.failed++
			problems.add(`${instance.name}: a request failed with ${status}`, text)
		} else if (leaves) instance.tally.left++
		else
			judge(options, stream ? checkStream(text, mark) : checkJson(text, mark), {
				mark,
				from,
				to,
				text,
				stream,
			})
	} catch (error) {
		instance.tally.failed++
		problems.add(`${instance.name}: a connection failed`, String(error))
	} finally {
		broken.delete(mark)
	}
}

function judge(
	{ instance, problems, broken, visibility }: LoadOptions,
	verdict: Verdict,
	sent: { mark: string; from: number; to: number; text: string; stream: boolean },
): void {
	const { tally, name } = instance
	if (verdict.kind === 'right') {
		tally.answered++
		if (sent.stream) tally.streamed++
		return visibility.observe({ ...verdict, ...sent }, name)
	}
	if (verdict.kind === 'broken off' && broken.has(sent.mark)) {
		tally.brokenOff++
		return
	}
	const reason = verdict.kind === 'wrong' ? verdict.reason : `a stream was broken off: ${verdict.message}`
	tally.wrong++
	problems.add(`${name}: ${reason}`, sent.text)
}

function exchange(
	url: string,
	options: { agent: Agent; mark: string; stream: boolean; leaves: boolean },
): Promise<{ status: number; text: string }> {
	const { agent, mark, stream, leaves } = options
	const body = JSON.stringify({
		...{ model: plantedModel, max_tokens: 100, stream },
		messages: [{ role: 'user', content: `Say ${mark}` }],
	})
	const headers = { 'content-type': 'application/json', 'x-api-key': accessKey }
	return new Promise((resolve, reject) => {
		const sent = request(`${url}/v1/messages`, { method: 'POST', agent, headers }, answer => {
			const status = answer.statusCode ?? 0
			readText(answer, leaves).then(text => resolve({ status, text }), reject)
		})
		sent.on('error', reject)
		sent.end(body)
	})
}

/** The whole text, or its beginning when the client leaves. */
async function readText(answer: IncomingMessage, leaves: boolean): Promise<string> {
	answer.setEncoding('utf8')
	let text = ''
	for await (const piece of answer) {
		text += piece
		if (leaves) break
	}
	return text
}
