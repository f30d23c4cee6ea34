import type { ConvertingAdapter } from '../../core/upstreams/contract.ts'
import { findAdapter } from '../../core/upstreams/registry.ts'
import {
	type ScriptedUpstream,
	startGeminiUpstream,
	startOpenAiUpstream,
	startResponsesUpstream,
} from '../support/upstreams/index.ts'

type StartOptions = { models: readonly string[] } & Record<string, unknown>

/** What the runner must know of an upstream type. */
export interface ContractType {
	name: string
	/** Where a case's request goes unless the case says otherwise. */
	baseUrl: string
	/** The upstream that refuses what the vendor refuses. */
	startUpstream(options: StartOptions): Promise<ScriptedUpstream>
	/** Absent while a type's cases are being written. */
	leastCases?: number
}

export const contractTypes: readonly ContractType[] = [
	{
		name: 'openai',
		baseUrl: 'https://api.openai.com/v1',
		startUpstream: startOpenAiUpstream,
		leastCases: 80,
	},
	{
		name: 'openaiold',
		baseUrl: 'https://relay.example/v1',
		startUpstream: options => startOpenAiUpstream({ compat: 'old', streamOptions: true, ...options }),
		leastCases: 80,
	},
	{
		name: 'gemini',
		baseUrl: 'https://generativelanguage.googleapis.com',
		startUpstream: startGeminiUpstream,
		leastCases: 80,
	},
	{
		name: 'responses',
		baseUrl: 'https://api.openai.com/v1',
		startUpstream: startResponsesUpstream,
		leastCases: 80,
	},
]

export function adapterOf(type: ContractType): ConvertingAdapter {
	const adapter = findAdapter(type.name)
	if (adapter?.mode !== 'convert') throw new Error(`${type.name} is no converting upstream type`)
	return adapter
}
