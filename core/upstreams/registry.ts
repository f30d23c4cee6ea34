import { claude } from './claude/index.ts'
import type { UpstreamAdapter } from './contract.ts'
import { gemini } from './gemini/index.ts'
import { openai, openaiold } from './openai/index.ts'
import { responses } from './responses/index.ts'

/**
 * The one list of upstream types. The database, the admin's select, the CLI and the contract suite all go by it:
 * adding a type is a folder and a line here.
 */
const upstreamAdapters: readonly UpstreamAdapter[] = [claude, openai, openaiold, gemini, responses]

export const upstreamTypes: readonly string[] = upstreamAdapters.map(({ type }) => type)

const byType = new Map(upstreamAdapters.map(adapter => [adapter.type, adapter]))

export function findAdapter(type: string): UpstreamAdapter | undefined {
	return byType.get(type)
}
