import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface CollectedSpan {
	traceId: string
	spanId: string
	parentSpanId: string
	name: string
	/** 2 is a server's, 3 a client's. */
	kind: number
	attributes: Record<string, unknown>
	/** 2 is an error. */
	status: number
}

export interface CollectedPoint {
	name: string
	attributes: Record<string, unknown>
	count: number
	sum: number
}

/** An OpenTelemetry collector's HTTP endpoint, for protobuf and JSON. */
export async function startCollector() {
	const spans: CollectedSpan[] = []
	const points: CollectedPoint[] = []
	const requests: {
		path: string
		contentType: string
		headers: NodeJS.Dict<string | string[]>
		body: Buffer
	}[] = []
	const server = createServer((request, response) => {
		const chunks: Buffer[] = []
		request.on('data', chunk => chunks.push(chunk))
		request.on('end', () => {
			const body = Buffer.concat(chunks)
			const contentType = String(request.headers['content-type'])
			requests.push({ path: request.url ?? '', contentType, headers: request.headers, body })
			const isJson = contentType.includes('json')
			if (request.url === '/v1/traces') spans.push(...(isJson ? spansOfJson(body) : spansOfProtobuf(body)))
			else points.push(...(isJson ? pointsOfJson(body) : pointsOfProtobuf(body)))
			response.writeHead(200, { 'content-type': contentType }).end(isJson ? '{}' : '')
		})
	})
	server.listen(0, '127.0.0.1')
	await once(server, 'listening')
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		...{ spans, points, requests },
		async close() {
			server.closeAllConnections()
			await new Promise(resolve => server.close(resolve))
		},
	}
}

/** https://protobuf.dev/programming-guides/encoding/: the fields of a message, by number. */
function readMessage(bytes: Buffer): Map<number, (Buffer | bigint)[]> {
	const fields = new Map<number, (Buffer | bigint)[]>()
	let at = 0
	const readVarint = () => {
		let value = 0n
		for (let shift = 0n; ; shift += 7n) {
			const byte = bytes[at++] as number
			value |= BigInt(byte & 0x7f) << shift
			if (byte < 0x80) return value
		}
	}
	const take = (length: number) => {
		at += length
		return bytes.subarray(at - length, at)
	}
	while (at < bytes.length) {
		const tag = Number(readVarint())
		const wire = tag & 7
		const value = wire === 0 ? readVarint() : take(wire === 1 ? 8 : wire === 5 ? 4 : Number(readVarint()))
		fields.set(tag >> 3, [...(fields.get(tag >> 3) ?? []), value])
	}
	return fields
}

const all = (bytes: Buffer, ...path: number[]): Buffer[] =>
	path.reduce<Buffer[]>(
		(messages, field) => messages.flatMap(message => (readMessage(message).get(field) ?? []) as Buffer[]),
		[bytes],
	)
const first = (bytes: Buffer, field: number) => readMessage(bytes).get(field)?.[0]
const text = (value: Buffer | bigint | undefined) => (Buffer.isBuffer(value) ? value.toString() : '')
const hex = (value: Buffer | bigint | undefined) => (Buffer.isBuffer(value) ? value.toString('hex') : '')

function readValue(bytes: Buffer): unknown {
	const [[field, [value] = []] = []] = readMessage(bytes)
	if (field === 1) return text(value)
	if (field === 2) return value === 1n
	if (field === 4) return (value as Buffer).readDoubleLE()
	if (field === 5) return all(value as Buffer, 1).map(readValue)
	return Number(value)
}

const readAttributes = (pairs: readonly Buffer[]) =>
	Object.fromEntries(pairs.map(pair => [text(first(pair, 1)), readValue(first(pair, 2) as Buffer)]))

function spansOfProtobuf(body: Buffer): CollectedSpan[] {
	return all(body, 1, 2, 2).map(span => {
		const status = first(span, 15)
		return {
			...{ traceId: hex(first(span, 1)), spanId: hex(first(span, 2)), parentSpanId: hex(first(span, 4)) },
			...{ name: text(first(span, 5)), kind: Number(first(span, 6)) },
			attributes: readAttributes(all(span, 9)),
			status: Number((status && first(status as Buffer, 3)) ?? 0),
		}
	})
}

function pointsOfProtobuf(body: Buffer): CollectedPoint[] {
	return all(body, 1, 2, 2).flatMap(metric =>
		all(metric, 9, 1).map(point => ({
			name: text(first(metric, 1)),
			attributes: readAttributes(all(point, 9)),
			count: Number((first(point, 4) as Buffer).readBigUInt64LE()),
			sum: (first(point, 5) as Buffer).readDoubleLE(),
		})),
	)
}

interface JsonPair {
	key: string
	value: Record<string, unknown> & { arrayValue?: { values: JsonPair['value'][] } }
}

const jsonValue = (value: JsonPair['value']): unknown =>
	value.arrayValue
		? value.arrayValue.values.map(jsonValue)
		: 'intValue' in value
			? Number(value.intValue)
			: Object.values(value)[0]

const jsonAttributes = (pairs: readonly JsonPair[]) =>
	Object.fromEntries(pairs.map(({ key, value }) => [key, jsonValue(value)]))

// biome-ignore lint/suspicious/noExplicitAny: the collector's own JSON, read where it is expected
type Json = any

function spansOfJson(body: Buffer): CollectedSpan[] {
	const { resourceSpans } = JSON.parse(body.toString()) as Json
	return resourceSpans
		.flatMap(({ scopeSpans }: Json) => scopeSpans)
		.flatMap(({ spans }: Json) => spans)
		.map(({ traceId, spanId, parentSpanId = '', name, kind, attributes, status }: Json) => ({
			...{ traceId, spanId, parentSpanId, name, kind, status: status?.code ?? 0 },
			attributes: jsonAttributes(attributes),
		}))
}

function pointsOfJson(body: Buffer): CollectedPoint[] {
	const { resourceMetrics } = JSON.parse(body.toString()) as Json
	return resourceMetrics
		.flatMap(({ scopeMetrics }: Json) => scopeMetrics)
		.flatMap(({ metrics }: Json) => metrics)
		.flatMap(({ name, histogram }: Json) =>
			(histogram?.dataPoints ?? []).map(({ attributes, count, sum }: Json) => ({
				...{ name, count: Number(count), sum },
				attributes: jsonAttributes(attributes),
			})),
		)
}
