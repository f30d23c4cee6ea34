import { isPlainTools } from './plain-request.ts'
import { type Member, scanObject } from './scan.ts'
import { createTextCache } from './text-cache.ts'

/** Shorter lists of tools are parsed as fast as they are found. */
const leastToolBytes = 4096

/** Clients send the same tools with each request; the lists they have at a time are few. */
const toolLists = createTextCache<readonly unknown[]>({ entries: 32, characters: 4_000_000 })

const decoder = new TextDecoder('utf-8', { fatal: true })

/**
 * The JSON of a request. A long list of tools is parsed once: requests with the same bytes of it share one list, so
 * that what converters make of it can be kept as well. Nobody may change it.
 * @throws SyntaxError or TypeError when the bytes are no JSON
 */
export function parseRequest(body: Uint8Array): unknown {
	const tools = body.length < leastToolBytes ? undefined : scanObject(body)?.get('tools')
	if (tools?.kind !== 'array' || tools.end - tools.start < leastToolBytes) return parseText(body)
	return parseAround(body, tools) ?? parseText(body)
}

function parseText(bytes: Uint8Array): unknown {
	return JSON.parse(decoder.decode(bytes))
}

/** Undefined when anything is wrong: the whole document then says what, and where. */
function parseAround(body: Uint8Array, { start, end }: Member): unknown {
	try {
		const rest = `${decoder.decode(body.subarray(0, start))}0${decoder.decode(body.subarray(end))}`
		const request = JSON.parse(rest) as { tools: unknown }
		request.tools = findTools(decoder.decode(body.subarray(start, end)))
		return request
	} catch {
		return undefined
	}
}

function findTools(text: string): readonly unknown[] {
	const known = toolLists.get(text)
	if (known) return known
	const tools = JSON.parse(text) as unknown[]
	if (isPlainTools(tools)) toolLists.set(text, tools)
	return tools
}
