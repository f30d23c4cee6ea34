import {
	type ScriptedUpstream,
	startAnthropicUpstream,
	startGeminiUpstream,
	startOpenAiUpstream,
	startResponsesUpstream,
} from './upstreams/index.ts'

export interface UpstreamCase {
	type: string
	/** A model that the scripted upstream has. */
	model: string
	start(keys: readonly string[]): Promise<ScriptedUpstream>
}

/** Every upstream type with a scripted upstream of its vendor. */
export const upstreamCases: readonly UpstreamCase[] = [
	{ type: 'openai', model: 'gpt-4o', start: keys => startOpenAiUpstream({ keys }) },
	{ type: 'openaiold', model: 'qwen-max', start: keys => startOpenAiUpstream({ keys, compat: 'old' }) },
	{ type: 'responses', model: 'gpt-4o', start: keys => startResponsesUpstream({ keys }) },
	{ type: 'gemini', model: 'gemini-2.5-flash', start: keys => startGeminiUpstream({ keys }) },
	{ type: 'claude', model: 'claude-haiku-4-5', start: keys => startAnthropicUpstream({ keys }) },
]
