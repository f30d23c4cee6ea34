import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Delivery, Fault, FixedReply, RawReply, ScriptedAnswer, StatusFault } from './script.ts'
import { isFault, isRaw } from './script.ts'
import { type Accepted, directRoute, type Vendor } from './vendor.ts'
import { compressWhole, createWire } from './wire.ts'

export interface Exchange {
	response: ServerResponse
	vendor: Vendor
	/** Absent when the request was not looked at. */
	accepted?: Accepted
	/** Aborts when the connection is gone, whoever ended it. */
	signal: AbortSignal
	/** Destroys the socket. */
	cut(): void
}

const WEB_PAGE =
	'<!DOCTYPE html>\n<html><head><title>Welcome</title></head><body><h1>It works</h1></body></html>\n'

/** Sends one reply; resolves when nothing more will be sent. */
export async function deliver(exchange: Exchange, reply: FixedReply): Promise<void> {
	if (isFault(reply)) return deliverFault(exchange, reply.fault)
	const accepted = exchange.accepted ?? directRoute('models')
	if (isRaw(reply)) return deliverRaw(exchange, accepted, reply)
	const stream = reply.shape === undefined ? accepted.stream : reply.shape === 'stream'
	return stream ? deliverStream(exchange, accepted, reply) : deliverJson(exchange, accepted, reply)
}

export function sendJson(
	response: ServerResponse,
	answer: StatusFault,
	vendorHeaders: Record<string, string>,
): void {
	const isText = typeof answer.body === 'string'
	response.writeHead(answer.status, {
		...vendorHeaders,
		'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json; charset=UTF-8',
		...answer.headers,
	})
	response.end(isText ? answer.body : answer.body === undefined ? '' : JSON.stringify(answer.body))
}

async function deliverFault({ response, vendor, signal, cut }: Exchange, fault: Fault): Promise<void> {
	if (fault === 'hang') return untilGone(signal)
	if (fault === 'reset') return cut()
	if (fault === 'html') {
		response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(WEB_PAGE)
	} else if (fault === 'empty') {
		response.writeHead(200, { 'content-length': '0' }).end()
	} else {
		sendJson(response, fault, vendor.headers())
	}
}

async function deliverRaw(exchange: Exchange, accepted: Accepted, reply: RawReply): Promise<void> {
	writeHead(exchange, reply.status ?? 200, accepted.streamType, reply)
	const wire = createWire(exchange, reply)
	for (const chunk of reply.rawChunks) {
		if (!(await wire.send(chunk))) return
		await nextTurn()
	}
	if (reply.stayOpen) return untilGone(exchange.signal)
	await wire.end()
}

async function deliverJson(exchange: Exchange, accepted: Accepted, reply: ScriptedAnswer): Promise<void> {
	if (reply.gate) await reply.gate.pass(exchange.signal)
	const body = compressWhole(Buffer.from(JSON.stringify(accepted.render(reply).json)), reply.encoding)
	const length = { 'content-length': String(body.length), ...reply.headers }
	writeHead(exchange, 200, 'application/json; charset=UTF-8', { ...reply, headers: length })
	const { bytesPerWrite, cutAfterBytes, delayMs } = reply
	const wire = createWire(exchange, { bytesPerWrite, cutAfterBytes, delayMs })
	if (await wire.send(body)) await wire.end()
}

async function deliverStream(exchange: Exchange, accepted: Accepted, reply: ScriptedAnswer): Promise<void> {
	const frames = framesToSend(accepted, reply)
	writeHead(exchange, 200, accepted.streamType, reply)
	const wire = createWire(exchange, reply)
	const crlf = reply.crlf ?? exchange.vendor.crlf
	for (const frame of frames) {
		const text = (reply.keepAliveComments ? ': keep-alive\n\n' : '') + frame
		if (!(await wire.send(crlf ? text.replaceAll(/\r?\n/g, '\r\n') : text))) return
	}
	if (reply.stallAfterEvents !== undefined) return untilGone(exchange.signal)
	if (reply.cutAfterEvents === undefined) return wire.end()
	await nextTurn()
	exchange.cut()
}

function framesToSend(accepted: Accepted, reply: ScriptedAnswer): readonly string[] {
	const all = accepted.render(reply).frames
	if (reply.errorAfterEvents !== undefined) {
		const before = all.slice(0, reply.errorAfterEvents)
		return [...before, accepted.errorFrame(reply.errorBody, before.length === 0)]
	}
	return all.slice(0, reply.stallAfterEvents ?? reply.cutAfterEvents)
}

function writeHead(
	{ response, vendor }: Exchange,
	status: number,
	type: string,
	reply: Pick<Delivery, 'headers' | 'encoding'>,
): void {
	response.writeHead(status, {
		...vendor.headers(),
		'content-type': type,
		...(reply.encoding ? { 'content-encoding': reply.encoding } : {}),
		...reply.headers,
	})
	response.flushHeaders()
}

async function untilGone(signal: AbortSignal): Promise<void> {
	if (!signal.aborted) await once(signal, 'abort')
}
