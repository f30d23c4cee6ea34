import { createFindPrice } from '../../core/usage/cost.ts'
import { type RequestDetail, toRequestDetail } from '../../core/views/request-view.ts'
import { findRequest, findRequests, type LoggedRequest, readPriceOverrides } from '../../db/index.ts'
import type { Command, CommandCall, CommandResult } from '../command.ts'
import type { ConfigSession } from '../config-session.ts'
import { commandLine } from '../next-step.ts'
import { notFoundError, programMark, usageError } from '../refuse.ts'
import { describePayloads, readPayloads, writeCurl } from '../requests/payloads.ts'
import { formatDetail } from '../requests/request-detail.ts'

export const inspect: Command = {
	usage: ['inspect <request id> [--payloads | --curl]'],
	options: {
		payloads: { description: 'its recorded bodies, too' },
		curl: { description: 'only the command that sends the upstream’s request again' },
	},
	examples: [
		'inspect req_0198c2f4a1b2c3d4e5f60718293a4b5c',
		'inspect req_0198c2f4 --json',
		'inspect req_0198c2f4 --payloads',
	],
	details: [
		'The id is in the request-id header of every answer, in every error, and in logs --id. Its beginning will do.',
	],
	run,
}

async function run(call: CommandCall): Promise<CommandResult> {
	const [id, ...rest] = call.words
	if (id === undefined || rest.length > 0) throw usageError('inspect takes one request: inspect <id>')
	const session = await call.openSession()
	const request = await find(session, id)
	const { options } = call
	if (options.has('payloads') && options.has('curl')) throw usageError('--payloads or --curl, not both')
	if (options.has('curl')) {
		const curl = writeCurl(await readPayloads(session, request.id))
		return { data: { curl }, lines: [curl] }
	}
	const findPrice = createFindPrice(await readPriceOverrides(session.database))
	const detail: RequestDetail = toRequestDetail(request, findPrice)
	const lines = formatDetail(detail, call, call.io.columns)
	if (!options.has('payloads'))
		return { data: { request: detail }, lines: [...lines, ...tellOfBodies(call, detail)] }
	const payloads = await readPayloads(session, request.id)
	return {
		data: { request: detail, payloads },
		lines: [...lines, '', ...describePayloads(payloads, call)],
	}
}

async function find({ database }: ConfigSession, id: string): Promise<LoggedRequest> {
	const found = await findRequest(database, id)
	if (found) return found
	const begun = /^[\w-]{6,100}$/.test(id) ? await findRequests(database, { text: id, limit: 20 }) : undefined
	const requests = begun?.requests.filter(request => request.id.startsWith(id)) ?? []
	if (requests.length === 1 && requests[0]) return requests[0]
	if (requests.length > 1) throw notFoundError('several ids begin like that', 'write more of it')
	throw notFoundError(
		'there is no such request, or it is no longer kept',
		`ids: ${programMark} logs --id; how long they are kept: ${programMark} settings`,
	)
}

function tellOfBodies(call: CommandCall, { id, recorded }: RequestDetail): string[] {
	if (recorded)
		return ['', call.texts.say(`its bodies were recorded: ${commandLine(call, 'inspect', id, '--payloads')}`)]
	return ['', call.texts.say(`its bodies were not recorded: ${commandLine(call, 'settings')}`)]
}
